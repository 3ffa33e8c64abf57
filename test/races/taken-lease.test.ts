import { expect } from 'chai'
import { createCache, type FillLease, type Reading, type Store } from 'smart-cache'
import { fakeClock, gate } from 'smart-cache/testing'
import { countedLoad, heldLoad } from '../cache/held-load.js'
import { intendTo, NOW, sampleEntry } from '../../lib/testing/contract/promised.js'
import { storeWith } from '../stores/store-with.js'

describe('A key that another process is loading', () => {
  it('is waited for, and then served without a load', async () => {
    const { cache, elsewhere } = await sharing()
    const asked = [cache.getOrSet('k', () => expect.fail('loaded')), cache.getOrSet('k', () => expect.fail('loaded'))]
    await elsewhere.waitedFor
    elsewhere.fill('of the other')
    expect(await Promise.all(asked)).to.deep.equal(['of the other', 'of the other'])
  })

  it('is loaded here if the other gives up', async () => {
    const { cache, elsewhere } = await sharing()
    const load = countedLoad(() => 'own')
    const asked = [cache.getOrSet('k', load.loader), cache.getOrSet('k', load.loader)]
    await elsewhere.waitedFor
    elsewhere.giveUp()
    expect(await Promise.all(asked)).to.deep.equal(['own', 'own'])
    expect(load.calls).to.equal(1)
    expect(await cache.get('k')).to.equal('own')
  })

  it('is served stale meanwhile, and not waited for', async () => {
    const { cache, elsewhere } = await sharing({ stale: true })
    expect(await cache.getOrSet('k', () => expect.fail('loaded'))).to.equal('stale')
    elsewhere.fill('of the other')
    expect(await cache.getOrSet('k', () => expect.fail('loaded'))).to.equal('of the other')
  })

  it('is loaded by who asks after a purge, who does not wait for what is older', async () => {
    const { cache, elsewhere } = await sharing()
    const before = cache.getOrSet('k', () => 'new')
    await elsewhere.waitedFor
    await cache.invalidate({ key: 'k' })
    expect(await cache.getOrSet('k', () => 'new')).to.equal('new')
    elsewhere.fill('of the other')
    expect(await before).to.equal('new')
    expect(await cache.get('k')).to.equal('new')
  })
})

describe('A process that may not have heard of every purge', () => {
  it('joins no load in flight, and each loads for himself', async () => {
    let upToDate = true
    const cache = createCache({ store: storeWith(() => ({ upToDate: () => upToDate })) })
    const load = heldLoad()
    const before = [cache.getOrSet('k', load.loader), cache.getOrSet('k', load.loader)]
    await load.begun
    upToDate = false
    expect(await cache.getOrSet('k', () => 'own')).to.equal('own')
    load.answer.open('shared')
    expect(await Promise.all(before)).to.deep.equal(['shared', 'shared'])
    expect(load.calls).to.equal(1)
  })
})

/** A cache over a store in which another process holds the lease of `k`. */
async function sharing({ stale = false } = {}) {
  const waitedFor = gate()
  const released = gate()
  let held: FillLease | undefined
  const store: Store = storeWith(inner => ({
    async read(key, now, toFill): Promise<Reading> {
      const reading = await inner.read(key, now, toFill && held === undefined)
      if (!toFill || held === undefined || key !== 'k') return reading
      waitedFor.open()
      return { ...reading, busy: released }
    },
    purge(purges) {
      if (purges.some(({ kind, name }) => kind === 'key' && name === 'k')) held = undefined
      return inner.purge(purges)
    },
  }))
  const clock = fakeClock(NOW)
  if (stale) await store.put({ ...sampleEntry('k', { value: 'stale' }), staleAt: NOW - 1 })
  const { lease, position } = await intendTo(store, 'k')
  held = lease
  const end = (fill?: Promise<unknown>) => {
    held = undefined
    void Promise.resolve(fill).then(() => released.open())
  }
  const elsewhere = {
    waitedFor,
    fill: (value: string) => end(Promise.resolve(store.fill(sampleEntry('k', { value, position }), lease))),
    giveUp: () => end(Promise.resolve(store.release('k', lease))),
  }
  return { cache: createCache({ store, clock }), elsewhere }
}
