import { expect } from 'chai'
import { createCache, memoryStore } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { heldLoad } from './held-load.js'

const NOON = '2026-07-01T12:00:00Z'

describe('When the clock on the wall is set back by a day', () => {
  it('nothing is served past its time', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    await cache.set('k', 'old', { ttl: '5m' })
    clock.set('2026-06-30T12:01:00Z')
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('and it was long since anybody asked, nothing is', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    await cache.set('k', 'old', { ttl: '3h' })
    clock.advance('26h')
    clock.set('2026-07-01T14:00:00Z')
    expect(await cache.get('k'), 'it is 26 hours old').to.equal(undefined)
  })

  it('nothing of another process is', async () => {
    const clock = fakeClock(NOON)
    const shared = memoryStore()
    // As one that was started after the clock was set.
    const cache = () => createCache({ clock, store: storeWith(() => ({ close: () => {} }), shared) })
    await cache().set('k', 'old', { ttl: '5m' })
    clock.set('2026-06-30T12:01:00Z')
    const restarted = cache()
    expect(await restarted.getOrSet('k', () => 'new', { ttl: '5m' })).to.equal('new')
  })

  it('what is kept from then on is served', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    await cache.set('k', 'old')
    clock.set('2026-06-30T12:01:00Z')
    await cache.set('k', 'new')
    expect(await cache.get('k')).to.equal('new')
    clock.advance('5m')
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('nobody joins a load that had begun before', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    const load = heldLoad()
    const before = cache.getOrSet('k', load.loader)
    await load.begun
    clock.set('2026-06-30T12:01:00Z')
    expect(await cache.getOrSet('k', () => 'new')).to.equal('new')
    load.answer.open('old')
    expect(await before).to.equal('old')
    expect(await cache.get('k')).to.equal('new')
  })
})

describe('When the clock on the wall is corrected', () => {
  it('by half a second, everything is kept', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    await cache.set('k', 'kept')
    clock.set(Date.parse(NOON) - 500)
    expect(await cache.get('k')).to.equal('kept')
  })

  it('by a little again and again, it counts as set back in the end', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    await cache.set('k', 'kept', { ttl: '1h' })
    for (let back = 500; back <= 1_000; back += 500) {
      clock.set(Date.parse(NOON) - back)
      expect(await cache.get('k')).to.equal('kept')
    }
    clock.set(Date.parse(NOON) - 1_500)
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('forwards, as by sleep, what is past its time is not served, and the rest is', async () => {
    const clock = fakeClock(NOON)
    const cache = createCache({ clock })
    await cache.set('short', 'kept', { ttl: '5m' })
    await cache.set('long', 'kept', { ttl: '2d' })
    clock.set('2026-07-02T12:00:00Z')
    expect(await cache.get('short')).to.equal(undefined)
    expect(await cache.get('long')).to.equal('kept')
  })
})
