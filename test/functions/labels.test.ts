import { expect } from 'chai'
import { ConfigError, createCache, memoryStore } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { canonical } from '../../lib/keys/canonical.js'
import { seeded } from '../coherence/random.js'
import { SEED } from '../property.js'

interface Offer {
  readonly city: string | null
  readonly kind: string
}

describe('A label', () => {
  it('loads once for an argument set, whatever the order of its names, absent and undefined being the same', async () => {
    const cache = createCache()
    const asked: unknown[] = []
    cache.define('offers', {
      load: (city: string, kind?: string) => {
        asked.push([city, kind])
        return `${kind} in ${city}`
      },
    })
    for (const args of [
      { city: 'Bern', kind: 'food' },
      { kind: 'food', city: 'Bern' },
    ])
      expect(await cache.load('offers', args)).to.equal('food in Bern')
    for (const args of [{ city: 'Bern' }, { city: 'Bern', kind: undefined }]) await cache.load('offers', args)
    expect(asked).to.deep.equal([
      ['Bern', 'food'],
      ['Bern', undefined],
    ])
  })

  it('calls a loader that takes its argument apart with all of them', async () => {
    const cache = createCache()
    cache.define('offers', { load: async ({ city, kind = 'food' }: { city: string; kind?: string }) => `${kind} in ${city}` })
    expect(await cache.load('offers', { city: 'Bern' })).to.equal('food in Bern')
  })

  const forms: Readonly<Record<string, (a: string, b?: string) => unknown>> = {
    'an arrow function': (a, b) => a + String(b),
    'an async one': async (a, b) => a + String(b),
    'a function with comments and defaults': function (a /* first, */, b = 'x' /* ) */) {
      return a + b
    },
    'a method': {
      find(a: string, b?: string) {
        return a + String(b)
      },
    }.find,
  }
  for (const [what, load] of Object.entries(forms)) {
    it(`reads the names of the parameters of ${what}`, async () => {
      const cache = createCache()
      cache.define('l', { load })
      expect(await cache.load('l', { b: '2', a: '1' })).to.equal('12')
    })
  }

  it('can be a function in a module, named in configuration', async () => {
    const cache = createCache()
    cache.define('offers', { load: './offers.js#findOffers', base: import.meta.url, ttl: '1d' })
    expect(await cache.load('offers', { city: 'Bern' })).to.equal('food in Bern')
    cache.define('none', { load: './offers.js#none', base: import.meta.url })
    expect(await cache.load('none').catch((error: unknown) => error)).to.be.instanceOf(ConfigError)
  })

  it('is known, one of its own, and has options that can be', async () => {
    const cache = createCache()
    expect(await cache.load('offers').catch((error: unknown) => error)).to.be.instanceOf(ConfigError)
    cache.define('offers', { load: () => 1 })
    expect(() => cache.define('offers', { load: () => 1 })).to.throw(ConfigError, '"offers"')
    for (const options of [
      {},
      { load: 7 },
      { load: './a.js#b' },
      { load: 'a' },
      { load: () => 1, tll: 1 },
      { load: () => 1, dependsOn: { a: { outdate: () => ({}) } } },
    ]) {
      expect(() => cache.define('other', options as { load: () => 1 })).to.throw(ConfigError)
    }
    expect(() => cache.define('rest', { load: (...all: string[]) => all })).to.throw(ConfigError, 'args')
    cache.define('rest', { load: (...all: string[]) => all, args: ['a', 'b'] })
    expect(await cache.load('rest', { b: 2, a: 1 })).to.deep.equal([1, 2])
  })

  it('is purged as a whole, or by one argument set', async () => {
    const cache = createCache()
    let loads = 0
    cache.define('offers', { load: (_city: string) => ++loads })
    const [bern, basel] = [{ city: 'Bern' }, { city: 'Basel' }]
    expect([await cache.load('offers', bern), await cache.load('offers', basel)]).to.deep.equal([1, 2])
    await cache.invalidate({ label: 'offers', args: bern })
    expect([await cache.load('offers', bern), await cache.load('offers', basel)]).to.deep.equal([3, 2])
    await cache.invalidate({ label: 'offers' })
    expect([await cache.load('offers', bern), await cache.load('offers', basel)]).to.deep.equal([4, 5])
  })

  it('says of which argument sets something is kept', async () => {
    const cache = createCache()
    cache.define('offers', { load: (city: string) => city })
    for (const city of ['Bern', 'Basel']) await cache.load('offers', { city, kind: undefined })
    expect(await cache.argumentsOf('offers')).to.deep.equal([{ city: 'Bern' }, { city: 'Basel' }])
    await cache.invalidate({ label: 'offers', args: { city: 'Bern' } })
    expect(await cache.argumentsOf('offers')).to.deep.equal([{ city: 'Basel' }])
  })
})

describe('A changed row', () => {
  it('ends exactly the argument sets that it is in or comes into, before and after: 3,000 random cases, beside brute force', async () => {
    const random = seeded(SEED)
    const below = (limit: number) => Math.floor(random() * limit)
    const cities = ['Bern', 'Basel', 'Chur']
    const kinds = ['food', 'rooms']
    const one = <T>(list: readonly T[]): T => list[below(list.length)] as T
    const row = (): Offer => ({ city: below(8) === 0 ? null : one(cities), kind: one(kinds) })
    const wanted = (list: readonly string[]) => one([undefined, null, one(list), [one(list)], [one(list), one(list)], []])
    const isIn = (offer: Offer, args: Readonly<Record<string, unknown>>) =>
      Object.entries(args).every(
        ([name, value]) => value === undefined || value === null || [value].flat().some(item => item === offer[name as keyof Offer]),
      )
    for (let round = 0; round < 150; round++) {
      const store = memoryStore()
      const processes = [createCache({ store }), createCache({ store })]
      for (const cache of processes) {
        cache.define('offers', {
          load: (_city: unknown, _kind: unknown) => round,
          dependsOn: {
            offer: { outdated: offer => ({ city: offer['city'] }), newcomers: offer => ({ kind: offer['kind'], city: offer['city'] }) },
          },
        })
        cache.define('byKind', {
          load: ({ kind }: { kind?: unknown }) => kind,
          dependsOn: { offer: { newcomers: offer => ({ kind: offer['kind'] }) } },
        })
      }
      const [writer, reader] = [processes[0] ?? createCache(), processes[1] ?? createCache()]
      const sets = Array.from({ length: 20 }, () => ({ city: wanted(cities), kind: wanted(kinds) }))
      for (const args of sets) await Promise.all([reader.load('offers', args), reader.load('byKind', { kind: args.kind })])
      const change = one([{ before: row(), after: row() }, { after: row() }, { before: row() }])
      const rows = [change.before, change.after].filter(offer => offer !== undefined)
      await writer.signals[change.after === undefined ? 'deleted' : 'saved']('offer', change)
      const [kept, keptByKind] = [await reader.argumentsOf('offers'), await reader.argumentsOf('byKind')]
      for (const { city, kind } of sets) {
        const there = (all: readonly object[], args: object) => all.some(other => same(other, args))
        expect(there(kept, { city, kind }), JSON.stringify({ city, kind, change })).to.equal(!rows.some(offer => isIn(offer, { city })))
        expect(there(keptByKind, { kind }), JSON.stringify({ kind, change })).to.equal(!rows.some(offer => isIn(offer, { kind })))
      }
    }
  })

  it('that nothing is known of, or of which more is said than was expected, ends the whole label', async () => {
    const cache = createCache()
    let fancy = false
    cache.define('offers', {
      load: (city: string) => city,
      dependsOn: { offer: { outdated: offer => (fancy ? { city: offer['city'], kind: 'food' } : { city: offer['city'] }) } },
    })
    const kept = async () => {
      for (const city of ['Bern', 'Basel']) await cache.load('offers', { city })
      return cache.argumentsOf('offers')
    }
    await kept()
    await cache.signals.saved('offer', {})
    expect(await cache.argumentsOf('offers')).to.deep.equal([])
    await kept()
    await cache.signals.saved('offer', { after: { city: 'Bern' } })
    expect(await cache.argumentsOf('offers')).to.deep.equal([{ city: 'Basel' }])
    await kept()
    fancy = true
    await cache.signals.saved('offer', { after: { city: 'Bern' } })
    expect(await cache.argumentsOf('offers')).to.deep.equal([])
  })

  it('has what it touches loaded anew, and nothing else, where it refreshes', async () => {
    const cache = createCache()
    const loaded: string[] = []
    const anew = gate()
    cache.define('offers', {
      load: (city: string) => {
        loaded.push(city)
        if (loaded.length > 2) anew.open()
        return loaded.length
      },
      dependsOn: { offer: { outdated: offer => ({ city: offer['city'] }), refresh: true } },
    })
    for (const city of ['Bern', 'Basel']) await cache.load('offers', { city })
    await cache.signals.saved('offer', { before: { city: 'Bern' }, after: { city: 'Bern' } })
    await anew
    expect(await cache.load('offers', { city: 'Bern' })).to.equal(3)
    expect(loaded).to.deep.equal(['Bern', 'Basel', 'Bern'])
  })

  it('leaves what is permanent', async () => {
    const cache = createCache()
    let loads = 0
    cache.define('offers', {
      load: (_city: string) => ++loads,
      permanent: true,
      dependsOn: { offer: { outdated: offer => ({ city: offer['city'] }) } },
    })
    await cache.load('offers', { city: 'Bern' })
    await cache.signals.saved('offer', { after: { city: 'Bern' } })
    expect(await cache.load('offers', { city: 'Bern' })).to.equal(1)
    await cache.invalidate({ label: 'offers' }, { permanent: true })
    expect(await cache.load('offers', { city: 'Bern' })).to.equal(2)
  })
})

function same(one: object, other: object): boolean {
  const text = (args: object) =>
    canonical(Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined && value !== null)))
  return text(one) === text(other)
}
