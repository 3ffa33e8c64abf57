import { expect } from 'chai'
import { createCache, type KeptEntry } from 'smart-cache'

/** Compiles only if the two types are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : false

const cache = createCache()

interface User {
  readonly id: number
  readonly name: string
}

const users = {
  find: async (id: number): Promise<User | undefined> => ({ id, name: `User ${id}` }),
}

describe('The types of a cached function', () => {
  it('follow from the function: parameters and result', () => {
    const profile = cache.cached((id: number) => users.find(id), { key: 'user:{0}', tags: id => [`user:${id.toFixed()}`] })
    expect(true satisfies Same<Parameters<typeof profile>, [id: number]>).to.equal(true)
    expect(true satisfies Same<ReturnType<typeof profile>, Promise<User | undefined>>).to.equal(true)
    expect(true satisfies Same<ReturnType<typeof profile.refresh>, Promise<User | undefined>>).to.equal(true)
    expect(true satisfies Same<ReturnType<typeof profile.entry>, Promise<KeptEntry<User | undefined> | undefined>>).to.equal(true)
    expect(true satisfies Same<ReturnType<typeof profile.many>, Promise<(User | undefined)[]>>).to.equal(true)
    expect(true satisfies Same<Parameters<typeof profile.keyFor>, [id: number]>).to.equal(true)
    // @ts-expect-error: no other arguments than the function's
    const wrong = () => profile('7')
    // @ts-expect-error
    const none = () => profile.invalidate()
    expect([wrong, none]).to.have.length(2)
  })

  it('make a promise of what a function returns at once', () => {
    const square = cache.cached((n: number, _more?: { readonly exact: boolean }) => n * n, { name: 'square' })
    expect(true satisfies Same<ReturnType<typeof square>, Promise<number>>).to.equal(true)
    expect(true satisfies Same<Parameters<typeof square>, Parameters<(n: number, more?: { readonly exact: boolean }) => void>>).to.equal(
      true,
    )
  })

  it('keep overloads', () => {
    function find(id: number): Promise<User>
    function find(name: string): Promise<User[]>
    async function find(what: number | string): Promise<User | User[]> {
      return typeof what === 'number' ? { id: what, name: '' } : []
    }
    const found = cache.cached(find, { name: 'find' })
    const byId = () => found(7)
    const byName = () => found('Ada')
    expect(true satisfies Same<ReturnType<typeof byId>, Promise<User>>).to.equal(true)
    expect(true satisfies Same<ReturnType<typeof byName>, Promise<User[]>>).to.equal(true)
  })

  it('keep type parameters', () => {
    const same = cache.cached(async <T>(value: T): Promise<T> => value, { name: 'same' })
    const text = () => same('a' as const)
    expect(true satisfies Same<ReturnType<typeof text>, Promise<'a'>>).to.equal(true)
  })

  it('keep `this`', () => {
    const offers = cache.cached(
      async function (this: { readonly region: string }, city: string) {
        return this.region + city
      },
      { key: '{this.region}:{0}' },
    )
    expect(true satisfies Same<ThisParameterType<typeof offers>, { readonly region: string }>).to.equal(true)
    // @ts-expect-error: it has no receiver
    const wrong = () => offers('Bern')
    expect(wrong).to.be.a('function')
  })

  it('are known to what the policy calls', () => {
    cache.cached(async (id: number, locale: string) => ({ id, locale }), {
      name: 'typed',
      key: (id, locale) => `${id.toFixed()}:${locale.trim()}`,
      tags: (id, locale) => [id.toFixed(), locale.trim()],
      when: ({ id, locale }) => id.toFixed() !== locale.trim(),
      loadMany: calls => calls.map(([id, locale]) => ({ id, locale: locale.trim() })),
    })
    const wrong = () =>
      cache.cached(async (id: number) => id, {
        name: 'wrong',
        // @ts-expect-error: not what the function brings
        loadMany: calls => calls.map(String),
      })
    expect(wrong).to.be.a('function')
  })
})
