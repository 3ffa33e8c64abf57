import { expect } from 'chai'
import { createCache, type Cache, type PolicyOptions } from 'smart-cache'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import { heldLoad } from './held-load.js'
import { nextSignal } from './next-signal.js'

const POLICY: PolicyOptions = { ttl: '1m', staleIfError: '10m' }

describe('With staleIfError', () => {
  it('a load that fails is covered by what was kept', async () => {
    const { cache } = await stale()
    expect(await cache.getOrSet('k', () => Promise.reject(new Error('origin')), POLICY)).to.equal('old')
  })

  it('all who wait for the load are covered', async () => {
    const { cache } = await stale()
    const load = heldLoad()
    const callers = [1, 2, 3].map(() => cache.getOrSet('k', load.loader, POLICY))
    await load.begun
    load.answer.fail(new Error('origin'))
    expect(await Promise.all(callers)).to.deep.equal(['old', 'old', 'old'])
    expect(load.calls).to.equal(1)
  })

  it('the error is announced, and that the old was served', async () => {
    const { cache } = await stale()
    const error = new Error('origin')
    const events = Promise.all([nextSignal(cache, 'error'), nextSignal(cache, 'stale')])
    await cache.getOrSet('k', () => Promise.reject(error), POLICY)
    const [failure, served] = await events
    expect(failure).to.deep.equal({ operation: 'load', namespace: '', key: 'k', error })
    expect(served).to.include({ namespace: '', key: 'k', ageMs: 60_000, reason: 'error' })
  })

  it('a load that works is waited for', async () => {
    const { cache } = await stale()
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
  })

  it('the next who asks loads again', async () => {
    const { cache } = await stale()
    await cache.getOrSet('k', () => Promise.reject(new Error('origin')), POLICY)
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
  })

  it('nothing is covered once that has passed', async () => {
    const { cache, clock } = await stale()
    clock.advance('10m')
    const error = new Error('origin')
    const [outcome] = await Promise.allSettled([cache.getOrSet('k', () => Promise.reject(error), POLICY)])
    expect(outcome).to.deep.equal({ status: 'rejected', reason: error })
  })

  it('nothing is covered by what a hard purge has ended', async () => {
    const { cache } = await stale()
    await cache.invalidate({ key: 'k' })
    const [outcome] = await Promise.allSettled([cache.getOrSet('k', () => Promise.reject(new Error('origin')), POLICY)])
    expect(outcome.status).to.equal('rejected')
  })
})

async function stale(): Promise<{ cache: Cache; clock: FakeClock }> {
  const clock = fakeClock()
  const cache = createCache({ clock })
  await cache.set('k', 'old', POLICY)
  clock.advance('1m')
  return { cache, clock }
}
