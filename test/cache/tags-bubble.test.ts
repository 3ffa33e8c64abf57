import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { fakeClock, gate } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { heldLoad } from './held-load.js'
import { FAILING_READS, INNER_READS } from './inner-reads.js'
import { nextSignal } from './next-signal.js'

describe('What is made of other reads is purged with them, by the tag of', () => {
  for (const { title, before, inside } of [...INNER_READS, ...FAILING_READS]) {
    it(title, async () => {
      const cache = createCache()
      await before?.(cache)
      await cache.getOrSet('outer', () => inside(cache))
      expect(await cache.get('outer'), 'it is kept').to.not.equal(undefined)
      await cache.invalidate('other tag')
      expect(await cache.get('outer'), 'another tag does not matter').to.not.equal(undefined)
      await cache.invalidate('t')
      expect(await cache.get('outer')).to.equal(undefined)
    })
  }

  it('a read served stale', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('inner', 'v', { ttl: '1m', grace: '1h', tags: ['t'] })
    clock.advance('2m')
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => gate<string>()), { grace: '1h' })
    await cache.invalidate('t')
    expect(await cache.getOrSet('outer', () => 'anew')).to.equal('anew')
  })

  it('a read served in the stead of a load that failed', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('inner', 'v', { ttl: '1m', staleIfError: '1h', tags: ['t'] })
    clock.advance('2m')
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => Promise.reject(new Error('origin'))), { grace: '1h' })
    await cache.invalidate('t')
    expect(await cache.getOrSet('outer', () => 'anew')).to.equal('anew')
  })

  it('a read that the store had no answer for', async () => {
    const store = storeWith(inner => ({
      read: (key, now, toFill) => (key === 'inner' ? Promise.reject(new Error('store')) : inner.read(key, now, toFill)),
    }))
    const cache = createCache({ store })
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => 'v', { tags: ['t'] }))
    await cache.invalidate('t')
    expect(await cache.get('outer')).to.equal(undefined)
  })

  it('a read in a namespace, under the tag of that namespace', async () => {
    const cache = createCache()
    const shop = cache.namespace('shop')
    await cache.getOrSet('outer', () => shop.getOrSet('inner', () => 'v', { tags: ['t'] }))
    await cache.invalidate('t')
    expect(await cache.get('outer')).to.equal('v')
    await shop.invalidate('t')
    expect(await cache.get('outer')).to.equal(undefined)
  })
})

describe('Tags', () => {
  it('are the entry’s own and those of all its parts, each once', async () => {
    const cache = createCache()
    const filled = nextSignal(cache, 'fill')
    await cache.set('part', 'v', { tags: ['a', 'b'] })
    await filled
    const outer = nextSignal(cache, 'fill')
    await cache.getOrSet('outer', () => cache.get('part'), { tags: ['b', 'c'] })
    expect([...(await outer).tags].toSorted()).to.deep.equal(['a', 'b', 'c'])
  })

  it('of what is loaded do not reach its parts', async () => {
    const cache = createCache()
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => 'v'), { tags: ['outer tag'] })
    await cache.invalidate('outer tag')
    expect(await cache.get('outer')).to.equal(undefined)
    expect(await cache.get('inner')).to.equal('v')
  })

  it('of loads that go on at once do not mix', async () => {
    const cache = createCache()
    const names = ['a', 'b', 'c']
    const loads = names.map(() => heldLoad())
    const outers = names.map((name, number) =>
      cache.getOrSet(`outer ${name}`, () => cache.getOrSet(name, (loads[number] ?? heldLoad()).loader, { tags: [name] })),
    )
    for (const load of loads.toReversed()) load.answer.open('v')
    await Promise.all(outers)
    await cache.invalidate('b')
    expect(await Promise.all(names.map(name => cache.get(`outer ${name}`)))).to.deep.equal(['v', undefined, 'v'])
  })

  it('of a read that ends after the load change nothing', async () => {
    const cache = createCache()
    const slow = heldLoad()
    const detached: Promise<string>[] = []
    await cache.getOrSet('outer', () => {
      detached.push(cache.getOrSet('inner', slow.loader, { tags: ['t'] }))
      return 'v'
    })
    slow.answer.open('late')
    await Promise.all(detached)
    await cache.invalidate('t')
    expect(await cache.get('inner')).to.equal(undefined)
    expect(await cache.get('outer')).to.equal('v')
  })

  it('of a read outside any load go nowhere', async () => {
    const cache = createCache()
    await cache.set('inner', 'v', { tags: ['t'] })
    await cache.get('inner')
    await cache.getOrSet('outer', () => 'v')
    await cache.invalidate('t')
    expect(await cache.get('outer')).to.equal('v')
  })

  it('of one cache do not reach another', async () => {
    const [one, other] = [createCache(), createCache()]
    await one.getOrSet('outer', () => other.getOrSet('inner', () => 'v', { tags: ['t'] }))
    await one.invalidate('t')
    expect(await one.get('outer')).to.equal('v')
  })
})
