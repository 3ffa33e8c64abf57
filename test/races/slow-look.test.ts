import { expect } from 'chai'
import { createCache, type Store } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { nextSignal } from '../cache/next-signal.js'
import { storeWith } from '../stores/store-with.js'

describe('A look into the store that is overtaken by a purge on its way back', () => {
  for (const target of ['t', { key: 'k' }, { prefix: 'k' }, { pattern: '*' }] as const) {
    it(`(${JSON.stringify(target)}) answers who asked before, and nobody who asks after`, async () => {
      const { store, looked, back } = overtaken()
      const cache = createCache({ store })
      await cache.set('k', 'old', { tags: ['t'] })
      const before = cache.getOrSet('k', () => 'loaded')
      await looked
      await cache.invalidate(target)
      const after = [1, 2].map(() => cache.getOrSet('k', () => 'new'))
      back.open()
      expect(await before).to.equal('old')
      expect(await Promise.all(after)).to.deep.equal(['new', 'new'])
      expect(await cache.get('k')).to.equal('new')
    })
  }

  it('that found nothing is no right to keep what the purge has ended', async () => {
    const { store, looked, back } = overtaken()
    const cache = createCache({ store })
    const refused = nextSignal(cache, 'refuse')
    const asked = cache.getOrSet('k', () => 'v', { tags: ['t'] })
    await looked
    await cache.invalidate('t')
    back.open()
    expect(await asked).to.equal('v')
    expect((await refused).reason, 'it cannot be told from what was loaded before the purge').to.equal('purged')
  })
})

describe('invalidate', () => {
  it('resolves when the store has purged, not before', async () => {
    const purging = gate()
    const cache = createCache({ store: storeWith(inner => ({ purge: purges => purging.then(() => inner.purge(purges)) })) })
    const order: string[] = []
    const purged = cache.invalidate('t').then(() => order.push('resolved'))
    await new Promise(resolve => setImmediate(resolve))
    order.push('purging')
    purging.open()
    await purged
    expect(order).to.deep.equal(['purging', 'resolved'])
  })

  it('is announced when it is in effect', async () => {
    const cache = createCache()
    await cache.set('k', 'v', { tags: ['t'] })
    const seen: unknown[] = []
    cache.on('purge', () => void cache.get('k').then(value => seen.push(value)))
    await cache.invalidate('t')
    await new Promise(resolve => setImmediate(resolve))
    expect(seen).to.deep.equal([undefined])
  })
})

/** A store with nothing at hand, whose first look is held up when it has seen what it has seen. */
function overtaken() {
  const [looked, back] = [gate(), gate()]
  let looks = 0
  const store: Store = storeWith(inner => ({
    peek: () => undefined,
    read: async (...asked) => {
      const reading = await inner.read(...asked)
      if (looks++ === 0) {
        looked.open()
        await back
      }
      return reading
    },
  }))
  return { store, looked, back }
}
