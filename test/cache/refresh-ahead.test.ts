import { expect } from 'chai'
import { createCache, memoryStore, type Cache, type PolicyOptions } from 'smart-cache'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { countedLoad, heldLoad, type HeldLoad } from './held-load.js'
import { nextSignal } from './next-signal.js'

const POLICY: PolicyOptions = { ttl: '10m', refreshAhead: 0.8 }

describe('An entry with refreshAhead', () => {
  it('is not refreshed before that share of its time is over', async () => {
    const { cache, clock } = await kept()
    clock.advance('8m')
    const load = countedLoad(() => 'new')
    for (let hits = 0; hits < 200; hits++) expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('old')
    expect(load.calls).to.equal(0)
  })

  it('is refreshed once, behind everybody’s back, by one of those who ask after that', async () => {
    const { cache, clock } = await kept()
    clock.advance('9m')
    const load = heldLoad()
    await hitsUntilBegun(cache, load)
    for (let hits = 0; hits < 50; hits++) expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('old')
    const filled = nextSignal(cache, 'fill')
    load.answer.open('new')
    await filled
    expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('new')
    expect(load.calls).to.equal(1)
  })

  it('outlives a refresh that fails, whose error is announced', async () => {
    const { cache, clock } = await kept()
    clock.advance('9m')
    const load = heldLoad()
    await hitsUntilBegun(cache, load)
    const failed = nextSignal(cache, 'error')
    const error = new Error('origin')
    load.answer.fail(error)
    expect(await failed).to.deep.include({ operation: 'refresh', key: 'k', error })
    expect(await cache.get('k')).to.equal('old')
  })

  it('that was purged meanwhile is not refreshed with what was loaded before', async () => {
    const { cache, clock } = await kept()
    clock.advance('9m')
    const load = heldLoad()
    await hitsUntilBegun(cache, load)
    await cache.invalidate({ key: 'k' })
    const refused = nextSignal(cache, 'refuse')
    load.answer.open('old too')
    await refused
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('is refreshed by one of two processes, and the other finds what that has brought', async () => {
    const clock = fakeClock()
    const shared = memoryStore()
    const near = () => createCache({ clock, store: storeWith(() => ({ peek: () => undefined, close: () => {} }), shared) })
    const [one, two] = [near(), near()]
    await one.set('k', 'old', POLICY)
    clock.advance('9m')
    const load = heldLoad()
    await hitsUntilBegun(one, load)
    const filled = nextSignal(one, 'fill')
    load.answer.open('new')
    await filled
    for (let hits = 0; hits < 50; hits++) expect(await two.getOrSet('k', load.loader, POLICY)).to.equal('new')
    expect(load.calls).to.equal(1)
  })

  it('that ends at an instant is not refreshed before it, for that would gain nothing', async () => {
    const clock = fakeClock('2026-07-01T03:00:00Z')
    const cache = createCache({ clock })
    const policy: PolicyOptions = { invalidateAt: '13:00', refreshAhead: 0.5 }
    await cache.set('k', 'old', policy)
    clock.set('2026-07-01T12:59:59Z')
    const load = countedLoad(() => 'new')
    for (let hits = 0; hits < 100; hits++) await cache.getOrSet('k', load.loader, policy)
    expect(load.calls).to.equal(0)
  })
})

async function kept(): Promise<{ readonly cache: Cache; readonly clock: FakeClock }> {
  const clock = fakeClock()
  const cache = createCache({ clock })
  await cache.set('k', 'old', POLICY)
  return { cache, clock }
}

/** Chance is one half: after so many hits it has come about, but for one time in 2^200. */
async function hitsUntilBegun(cache: Cache, load: HeldLoad<string>): Promise<void> {
  for (let hits = 0; hits < 200 && load.calls === 0; hits++) {
    expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('old')
    await new Promise(resolve => setImmediate(resolve))
  }
  await load.begun
}
