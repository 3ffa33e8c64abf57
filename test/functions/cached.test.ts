import { expect } from 'chai'
import { ConfigError, createCache, KeyError } from 'smart-cache'
import { expectHit, expectMiss, fakeClock, gate } from 'smart-cache/testing'
import { countedLoad } from '../cache/held-load.js'
import { storeWith } from '../stores/store-with.js'

describe('A cached function', () => {
  it('runs once for equal arguments, and once more for others', async () => {
    const seen: unknown[] = []
    const f = createCache().cached(async function square(n: number) {
      seen.push(n)
      return n * n
    })
    expect([await f(2), await f(2), await f(3), await f(2)]).to.deep.equal([4, 4, 9, 4])
    expect(seen).to.deep.equal([2, 3])
  })

  it('runs once for a thousand callers at once', async () => {
    const answer = gate<string>()
    const load = countedLoad(() => answer)
    const f = createCache().cached(load.loader, { name: 'f' })
    const asked = Array.from({ length: 1000 }, () => f())
    answer.open('v')
    expect(new Set(await Promise.all(asked))).to.deep.equal(new Set(['v']))
    expect(load.calls).to.equal(1)
  })

  it('shares its error with all who wait, and keeps it for nobody', async () => {
    const error = new Error('origin')
    const load = countedLoad(call => (call === 1 ? Promise.reject(error) : 'v'))
    const f = createCache().cached(load.loader, { name: 'f' })
    const asked = await Promise.allSettled(Array.from({ length: 1000 }, () => f()))
    expect(asked.every(one => one.status === 'rejected' && one.reason === error)).to.equal(true)
    expect(await f()).to.equal('v')
    expect(load.calls).to.equal(2)
  })

  it('is not poisoned by a function that throws before its first await', async () => {
    const load = countedLoad(call => {
      if (call === 1) throw new Error('at once')
      return 'v'
    })
    const f = createCache().cached(load.loader, { name: 'f' })
    expect(await f().catch((error: unknown) => error)).to.be.instanceOf(Error)
    expect(await f()).to.equal('v')
  })

  it('is loaded anew after its ttl, and after a purge of its tag, its key, its prefix, its pattern or everything', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    const load = countedLoad(call => call)
    const f = cache.cached((_id: number) => load.loader(), { key: 'user:{0}:profile', ttl: '1m', tags: id => [`user:${id}`] })
    const purges = [
      async () => clock.advance('1m'),
      () => cache.invalidate('user:7'),
      () => cache.invalidate({ key: 'user:7:profile' }),
      () => cache.invalidate({ prefix: 'user:' }),
      () => cache.invalidate({ pattern: 'user:*:profile' }),
      () => cache.clear(),
      () => cache.delete(f.keyFor(7)),
      () => f.invalidate(7),
    ]
    expect(await f(7)).to.equal(1)
    for (const [place, purge] of purges.entries()) {
      for (const _ of [1, 2, 3]) expect(await f(7)).to.equal(place + 1)
      await purge()
      expect(await f(7)).to.equal(place + 2)
    }
  })

  it('is not loaded anew after a purge of something else', async () => {
    const cache = createCache()
    const load = countedLoad(call => call)
    const f = cache.cached((_id: number) => load.loader(), { name: 'f', tags: ['t'] })
    for (const target of ['other', { key: 'f(8)' }, { prefix: 'g' }, { pattern: 'f(8*' }] as const) {
      for (const _ of [1, 2, 3]) expect(await f(7)).to.equal(1)
      await cache.invalidate(target)
      expect(await f(7)).to.equal(1)
    }
  })

  it('takes its value from whoever set it last', async () => {
    const cache = createCache()
    const f = cache.cached((id: number) => `loaded ${id}`, { key: 'f:{0}' })
    await f(7)
    await f(7)
    await cache.set('f:7', 'set')
    expect(await f(7)).to.equal('set')
  })

  it('is asked of a store that others write to for each hit: it may not have heard of a purge', async () => {
    let upToDate = true
    const store = storeWith(inner => ({
      upToDate: () => upToDate,
      peek: key => (upToDate ? inner.peek(key) : undefined),
      read: (key, now, toFill) => inner.read(upToDate ? key : `${key}, as others have it`, now, toFill),
    }))
    const load = countedLoad(call => call)
    const f = createCache({ store }).cached((_id: number) => load.loader(), { name: 'f' })
    expect([await f(7), await f(7), await f(7)]).to.deep.equal([1, 1, 1])
    upToDate = false
    expect(await f(7)).to.equal(2)
  })

  it('hands its tags and its lifetime to what encloses it, hit or miss', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    const f = cache.cached((id: number) => id, { name: 'f', ttl: '1m', tags: ['t'] })
    for (const _ of [1, 2, 3, 4]) {
      await cache.getOrSet('outer', () => f(7), { ttl: '1d' })
      expect(await cache.get('outer')).to.equal(7)
      await cache.invalidate('t')
      expect(await cache.get('outer')).to.equal(undefined)
      await f(7)
      await f(7)
    }
    await cache.getOrSet('outer', () => f(7), { ttl: '1d' })
    clock.advance('1m')
    expect(await cache.get('outer')).to.equal(undefined)
  })

  it('announces each hit to who listens, also from the second on', async () => {
    const cache = createCache()
    const f = cache.cached((id: number) => id, { name: 'f' })
    await expectMiss(cache, 'f(7)', () => f(7))
    for (const _ of [1, 2, 3]) await f(7)
    await expectHit(cache, 'f(7)', () => f(7))
    for (const _ of [1, 2, 3]) await f(7)
    await expectHit(cache, 'f(7)', () => f(7))
  })

  it('is refused inside its own load', async () => {
    const cache = createCache()
    const f = cache.cached((id: number): unknown => f(id), { name: 'f' })
    const failed = await Promise.resolve(f(7)).catch((error: unknown) => error)
    expect(failed).to.have.property('code', 'ERR_CACHE_RECURSION')
  })

  it('loads and keeps nothing when the cache is closed', async () => {
    const cache = createCache()
    const load = countedLoad(call => call)
    const f = cache.cached((_id: number) => load.loader(), { name: 'f' })
    for (const _ of [1, 2, 3]) await f(7)
    await cache.close()
    expect([await f(7), await f(7)]).to.deep.equal([2, 3])
  })

  it('keeps the name and the length of the function', () => {
    const f = createCache().cached(async function offers(_city: string, _kind: string) {})
    expect(f).to.have.property('name', 'offers')
    expect(f).to.have.property('length', 2)
  })

  it('is called with the receiver that it was called on', async () => {
    const shop = {
      region: 'north',
      offers: createCache().cached(
        async function (this: { region: string }, city: string) {
          return `${this.region} ${city}`
        },
        { key: '{this.region}:{0}' },
      ),
    }
    expect(await shop.offers('Bern')).to.equal('north Bern')
    shop.region = 'south'
    expect(await shop.offers('Bern')).to.equal('south Bern')
  })

  it('keeps in its namespace', async () => {
    const cache = createCache()
    const shop = cache.namespace('shop')
    const load = (id: number) => id
    const [f, g] = [cache.cached(load, { name: 'f', tags: ['t'] }), shop.cached(load, { name: 'f', tags: ['t'] })]
    await Promise.all([f(7), g(7)])
    await shop.invalidate('t')
    expect(await f.entry(7)).to.not.equal(undefined)
    expect(await g.entry(7)).to.equal(undefined)
    expect(g.keyFor(7)).to.equal('f(7)')
  })
})

describe('What is kept of a function', () => {
  it('is its value with its instants, its tags and how often it was served', async () => {
    const clock = fakeClock('2026-01-01T00:00:00Z')
    const cache = createCache({ clock })
    const f = cache.cached((id: number) => ({ id }), { name: 'f', ttl: '1m', grace: '1m', staleIfError: '1h', tags: ['t'] })
    expect(await f.entry(7)).to.equal(undefined)
    for (const _ of [1, 2, 3, 4, 5, 6]) await f(7)
    const createdAt = Date.parse('2026-01-01T00:00:00Z')
    const expected = { value: { id: 7 }, createdAt, staleAt: createdAt + 60_000, deleteAt: createdAt + 3_660_000, tags: ['t'], hits: 5 }
    expect(await f.entry(7)).to.deep.equal(expected)
    expect(await cache.entry(f.keyFor(7))).to.deep.equal(expected)
    clock.advance('2m')
    expect(await f.entry(7)).to.deep.include({ value: { id: 7 } })
    clock.advance('1h')
    expect(await f.entry(7)).to.equal(undefined)
  })
})

describe('A function’s policy', () => {
  it('needs a name, where the function has none and there is no key', () => {
    const cache = createCache()
    expect(() => cache.cached(() => 1)).to.throw(ConfigError, 'without a name')
    expect(() => cache.cached(() => 1, { name: '' })).to.throw(ConfigError, 'without a name')
    expect(() => cache.cached(() => 1, { name: 'a(1' })).to.throw(ConfigError, '"a(1"')
    cache.cached(() => 1, { name: 'one' })
    cache.cached(() => 1, { key: 'one' })
    cache.cached(() => 1, { key: () => 'one' })
  })

  it('refuses the name of another function, for they would share what they keep', async () => {
    const cache = createCache()
    const find = (table: string) =>
      async function find(id: number) {
        return `${table} ${id}`
      }
    const users = find('users')
    const f = cache.cached(users)
    expect(() => cache.cached(find('orders'))).to.throw(ConfigError, '"find"')
    expect(() => cache.cached(find('orders'), { name: 'find' })).to.throw(ConfigError, '"find"')
    const g = cache.cached(find('orders'), { name: 'orders.find' })
    expect([await f(7), await g(7)]).to.deep.equal(['users 7', 'orders 7'])
    cache.cached(users, { ttl: '1m' })
    cache.cached(find('others'), { version: 2 })
    cache.namespace('shop').cached(find('others'))
  })

  it('has a version that is a part of the key', async () => {
    const cache = createCache()
    const load = countedLoad(call => call)
    const fn = (_id: number) => load.loader()
    await cache.cached(fn, { version: 1 })(7)
    expect(await cache.cached(fn, { version: 2 })(7)).to.equal(2)
    expect(await cache.cached(fn, { key: 'f:{0}', version: 2 })(7)).to.equal(3)
    expect(await cache.cached(fn, { key: 'f:{0}', version: 3 })(7)).to.equal(4)
    expect(await cache.cached(fn, { version: 1 })(7)).to.equal(1)
  })

  const refused: Readonly<Record<string, object>> = {
    'an option that there is not': { tll: '1m' },
    'a key that is none': { key: 7 },
    'a version that is none': { version: {} },
    'a batch loader that is none': { loadMany: [] },
    'copy and share at once': { copy: true, share: true },
    'a condition that is none': { when: true },
    'a schema that is none': { schema: {} },
    'a ttl that is none': { negativeTtl: '1 minute' },
  }
  for (const [what, options] of Object.entries(refused)) {
    it(`refuses ${what}, at start`, () => {
      const fn = async () => 1
      expect(() => createCache().cached(fn, options)).to.throw(ConfigError)
    })
  }

  it('has a key function called with the receiver and the arguments of the call', async () => {
    const f = createCache().cached(async (id: number, locale: string) => `${id} ${locale}`, { key: (id, locale) => `${locale}/${id}` })
    expect(f.keyFor(7, 'de')).to.equal('de/7')
    expect(await f(7, 'de')).to.equal('7 de')
  })

  it('has a call rejected whose key is none', async () => {
    const f = createCache().cached(async (id: string) => id, { key: id => id })
    for (const key of ['', '~own', undefined as unknown as string]) {
      expect(await f(key).catch((error: unknown) => error)).to.be.instanceOf(KeyError)
    }
  })
})
