import { expect } from 'chai'
import { CacheError, ConfigError, createCache, KeyError, type FragmentOptions } from 'smart-cache'
import { fakeClock, gate } from 'smart-cache/testing'
import { STORES } from '../races/stores.js'

for (const [name, store] of Object.entries(STORES)) {
  describe(`A fragment in ${name}`, () => {
    it('is rendered once, and kept', async () => {
      const cache = createCache({ store: store() })
      let renders = 0
      const sidebar = () => cache.fragment('sidebar', { ttl: '30m' }, () => `<nav>${++renders}</nav>`)
      expect([await sidebar(), await sidebar()]).to.deep.equal(['<nav>1</nav>', '<nav>1</nav>'])
    })

    it('is rendered once for all who ask at once', async () => {
      const cache = createCache({ store: store() })
      const data = gate<string>()
      let renders = 0
      const sidebar = () =>
        cache.fragment('sidebar', {}, async () => {
          renders++
          return data
        })
      const all = Promise.all(Array.from({ length: 50 }, sidebar))
      data.open('<nav></nav>')
      expect(new Set(await all)).to.deep.equal(new Set(['<nav></nav>']))
      expect(renders).to.equal(1)
    })

    it('is each user’s own where it says so', async () => {
      const cache = createCache({ store: store() })
      const greeting = (user: { id: number; name: string }) => cache.fragment('greeting', { vary: [user.id] }, () => `<p>${user.name}</p>`)
      const [ann, bea] = [
        { id: 1, name: 'Ann' },
        { id: 2, name: 'Bea' },
      ]
      for (let round = 0; round < 2; round++) {
        expect(await Promise.all([greeting(ann), greeting(bea)])).to.deep.equal(['<p>Ann</p>', '<p>Bea</p>'])
      }
    })

    it('can be a Buffer, which nobody can change for others', async () => {
      const cache = createCache({ store: store() })
      const image = () => cache.fragment('image', {}, () => Buffer.from([1, 2, 3]))
      const mine = await image()
      mine[0] = 9
      expect(await image()).to.deep.equal(Buffer.from([1, 2, 3]))
    })
  })
}

describe('A fragment', () => {
  const differing: readonly (readonly [string, FragmentOptions, FragmentOptions])[] = [
    ['a number and its digits', { vary: [1] }, { vary: ['1'] }],
    ['two things and one with a comma', { vary: ['a', 'b'] }, { vary: ['a,b'] }],
    ['nothing and undefined', {}, { vary: [undefined] }],
    ['versions', { version: 1 }, { version: 2 }],
    ['texts of a template', { template: '<p>' }, { template: '<b>' }],
    ['one text and two', { template: '["a","b"]x' }, { template: ['a', 'b'] }],
  ]
  for (const [what, one, other] of differing) {
    it(`is never taken for another that differs by ${what}`, async () => {
      const cache = createCache()
      const rendered = (html: string, options: FragmentOptions) => cache.fragment('a', options, () => html)
      expect([await rendered('one', one), await rendered('other', other), await rendered('no', one)]).to.deep.equal(['one', 'other', 'one'])
    })
  }

  it('is never taken for one of another name, a value or the result of a function', async () => {
    const cache = createCache()
    const kept = cache.cached(() => 'function', { name: 'a' })
    await cache.set('a()', 'value')
    const rendered = [await cache.fragment('a', {}, () => 'a'), await cache.fragment('a()', {}, () => 'b'), await kept()]
    expect(rendered).to.deep.equal(['a', 'b', 'value'])
  })

  it('belongs to the text of what renders it: a program with another one does not find it', async () => {
    const cache = createCache()
    expect(await cache.fragment('a', {}, () => '<p>old</p>')).to.equal('<p>old</p>')
    expect(await cache.fragment('a', {}, () => '<p>new</p>')).to.equal('<p>new</p>')
  })

  it('ends by its tags and by its name, with all its variants', async () => {
    const cache = createCache()
    let renders = 0
    const both = () => Promise.all([1, 2].map(id => cache.fragment('a', { vary: [id], tags: [`user:${id}`] }, () => `${++renders}`)))
    await both()
    await cache.invalidate('user:2')
    expect(await both()).to.deep.equal(['1', '3'])
    await cache.invalidate({ fragment: 'a' })
    expect(await both()).to.deep.equal(['4', '5'])
    await cache.invalidate({ fragment: 'b' })
    expect(await both()).to.deep.equal(['4', '5'])
  })

  it('of one namespace is none of another, and ends with its own', async () => {
    const cache = createCache()
    const shop = cache.namespace('shop')
    let renders = 0
    const render = () => `${++renders}`
    expect([await cache.fragment('a', {}, render), await shop.fragment('a', {}, render)]).to.deep.equal(['1', '2'])
    await shop.invalidate({ fragment: 'a' })
    expect([await cache.fragment('a', {}, render), await shop.fragment('a', {}, render)]).to.deep.equal(['1', '3'])
  })

  const schedules: readonly (readonly [string, FragmentOptions, string])[] = [
    ['ttl', { ttl: '10m' }, '10m'],
    ['time of day', { invalidateAt: '13:00', timezone: 'Europe/Berlin' }, '60m'],
    ['cron expression', { cron: '*/20 * * * *' }, '20m'],
  ]
  for (const [what, schedule, end] of schedules) {
    it(`lives as long as its ${what} says`, async () => {
      const clock = fakeClock('2026-05-04T10:00:00Z')
      const cache = createCache({ clock })
      let renders = 0
      const rendered = () => cache.fragment('a', schedule, () => `${++renders}`)
      await rendered()
      clock.advance(end === '60m' ? '59m' : '9m')
      expect(await rendered()).to.equal('1')
      clock.advance(end as '20m')
      expect(await rendered()).to.equal('2')
    })
  }

  it('is served stale within its grace, and when it cannot be rendered', async () => {
    const clock = fakeClock('2026-05-04T10:00:00Z')
    const cache = createCache({ clock })
    let html: string | Error = 'old'
    const rendered = () =>
      cache.fragment('a', { ttl: '1m', staleIfError: '1h' }, () => {
        if (html instanceof Error) throw html
        return html
      })
    await rendered()
    clock.advance('2m')
    html = new Error('database')
    expect(await rendered()).to.equal('old')
    html = 'new'
    expect(await rendered()).to.equal('new')
  })

  it('hands on the error of what renders it, as it was thrown, and keeps nothing', async () => {
    const cache = createCache()
    const error = Object.assign(new Error('line 7'), { status: 418 })
    let fails = true
    const rendered = () =>
      cache.fragment('a', {}, async () => {
        if (fails) throw error
        return 'a'
      })
    expect(await rendered().catch((caught: unknown) => caught)).to.equal(error)
    fails = false
    expect(await rendered()).to.equal('a')
  })

  it('is a string or a Buffer and nothing else', async () => {
    const cache = createCache()
    for (const wrong of [undefined, null, 7, {}, ['a']]) {
      const failed = await cache.fragment('a', {}, () => wrong as never).catch((error: unknown) => error)
      expect(failed).to.be.instanceOf(CacheError).with.property('code', 'ERR_CACHE_FRAGMENT')
    }
  })

  it('is kept as `when` says', async () => {
    const cache = createCache()
    let renders = 0
    const rendered = () => cache.fragment('a', { when: html => html !== '1' }, () => `${++renders}`)
    expect([await rendered(), await rendered(), await rendered()]).to.deep.equal(['1', '2', '2'])
  })

  it('refuses what cannot be a name or an option', async () => {
    const cache = createCache()
    const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error)
    const render = () => 'a'
    expect(await failure(cache.fragment('', {}, render))).to.be.instanceOf(KeyError)
    expect(await failure(cache.fragment('a', { vari: [1] } as object, render)))
      .to.be.instanceOf(ConfigError)
      .with.property('message', 'fragment() has no option `vari`. Did you mean `vary`?')
    expect(await failure(cache.fragment('a', { vary: 7 } as never, render))).to.be.instanceOf(ConfigError)
    expect(await failure(cache.fragment('a', { vary: [render] }, render))).to.be.instanceOf(KeyError)
    expect(await failure(cache.fragment('a', { template: 7 } as never, render))).to.be.instanceOf(ConfigError)
    expect(await failure(cache.fragment('a', {}, 'a' as never))).to.be.instanceOf(ConfigError)
  })

  it('is what is rendered, and nothing is kept, where caching is off', async () => {
    const cache = createCache({ enabled: false })
    let renders = 0
    const rendered = () => cache.fragment('a', {}, () => `${++renders}`)
    expect([await rendered(), await rendered()]).to.deep.equal(['1', '2'])
  })
})
