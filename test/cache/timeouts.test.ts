import { expect } from 'chai'
import { ConfigError, createCache, LoadTimeoutError, type Cache, type PolicyOptions } from 'smart-cache'
import { fakeClock, gate, type FakeClock } from 'smart-cache/testing'
import { heldLoad } from './held-load.js'
import { nextSignal } from './next-signal.js'

describe('A load that takes longer than its loadTimeout', () => {
  const POLICY: PolicyOptions = { loadTimeout: 5 }

  it('has failed for all who wait, with a LoadTimeoutError', async () => {
    const cache = createCache()
    const load = heldLoad()
    const callers = await Promise.all([1, 2, 3].map(async () => failure(cache.getOrSet('k', load.loader, POLICY))))
    expect(new Set(callers).size).to.equal(1)
    expect(callers[0]).to.be.instanceOf(LoadTimeoutError)
    expect(callers[0]).to.include({ code: 'ERR_CACHE_LOAD_TIMEOUT', message: 'The load of k took longer than 5 ms' })
    expect(load.calls).to.equal(1)
  })

  it('is begun anew by who asks next, and what it brings late is kept by nobody', async () => {
    const cache = createCache()
    const late = gate<string>()
    await failure(cache.getOrSet('k', () => late, POLICY))
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
    late.open('late')
    await late
    expect(await cache.get('k')).to.equal('new')
  })

  it('is covered by staleIfError', async () => {
    const { cache } = await spare()
    const never = () => new Promise<string>(() => undefined)
    expect(await cache.getOrSet('k', never, { ...POLICY, ttl: '1m', staleIfError: '1h' })).to.equal('old')
  })

  it('as a refresh ends, so that another may be tried', async () => {
    const { cache, clock } = kept()
    const policy: PolicyOptions = { ...POLICY, ttl: '1m', grace: '1h' }
    await cache.set('k', 'old', policy)
    clock.advance('2m')
    const failed = nextSignal(cache, 'error')
    expect(await cache.getOrSet('k', () => new Promise<string>(() => undefined), policy)).to.equal('old')
    expect((await failed).error).to.be.instanceOf(LoadTimeoutError)
    const filled = nextSignal(cache, 'fill')
    expect(await cache.getOrSet('k', () => 'new', policy)).to.equal('old')
    await filled
    expect(await cache.get('k')).to.equal('new')
  })

  it('is no matter for one that is quicker', async () => {
    expect(await createCache().getOrSet('k', async () => undefined, { loadTimeout: '1h' })).to.equal(undefined)
  })
})

describe('While something stale could be served, a load that takes longer than its softTimeout', () => {
  const POLICY: PolicyOptions = { ttl: '1m', staleIfError: '1h', softTimeout: 5 }

  it('is waited for no longer, by nobody, and its value is kept when it comes', async () => {
    const { cache } = await spare()
    const load = heldLoad()
    const stale = nextSignal(cache, 'stale')
    expect(await Promise.all([1, 2, 3].map(() => cache.getOrSet('k', load.loader, POLICY)))).to.deep.equal(['old', 'old', 'old'])
    expect(await stale).to.deep.include({ key: 'k', reason: 'timeout' })
    expect(await cache.getOrSet('k', load.loader, POLICY), 'who comes later waits not at all').to.equal('old')
    const filled = nextSignal(cache, 'fill')
    load.answer.open('new')
    await filled
    expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('new')
    expect(load.calls).to.equal(1)
  })

  it('is waited for by who asks because of a purge', async () => {
    const { cache } = await spare()
    const load = heldLoad()
    await cache.getOrSet('k', load.loader, POLICY)
    await cache.invalidate({ key: 'k' })
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
    load.answer.open('old too')
    expect(await cache.get('k')).to.equal('new')
  })

  it('is announced if it fails after that', async () => {
    const { cache } = await spare()
    const load = heldLoad()
    await cache.getOrSet('k', load.loader, POLICY)
    const failed = nextSignal(cache, 'error')
    const error = new Error('origin')
    load.answer.fail(error)
    expect(await failed).to.deep.include({ operation: 'load', error })
  })

  it('is waited for where there is nothing to be served', async () => {
    const cache = createCache()
    const load = heldLoad()
    const asked = cache.getOrSet('k', load.loader, POLICY)
    setTimeout(() => load.answer.open('new'), 15)
    expect(await asked).to.equal('new')
  })
})

describe('A policy', () => {
  const refused: readonly (readonly [PolicyOptions, string])[] = [
    [{ refreshAhead: 1.1 }, 'Expected `refreshAhead` to be a share from 0 to 1'],
    [{ refreshAhead: '0.8' as unknown as number }, 'Expected `refreshAhead` to be a share from 0 to 1'],
    [{ loadTimeout: -1 }, 'Expected `loadTimeout` to be a duration'],
    [{ softTimeout: '5 s', grace: '1m' }, 'Expected `softTimeout` to be a duration'],
    [{ softTimeout: '1s' }, 'it needs `staleIfError` or `grace`'],
    [{ softTimeout: '2s', loadTimeout: '2s', staleIfError: '1m' }, 'Expected `softTimeout` to be shorter than `loadTimeout`'],
  ]
  for (const [policy, message] of refused) {
    it(`is refused with: ${message}`, async () => {
      const error = await failure(createCache().set('k', 1, policy))
      expect(error).to.be.instanceOf(ConfigError)
      expect((error as Error).message).to.include(message)
    })
  }
})

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => expect.fail(`resolved with ${String(value)}`),
    (error: unknown) => error,
  )
}

function kept(): { readonly cache: Cache; readonly clock: FakeClock } {
  const clock = fakeClock()
  return { clock, cache: createCache({ clock }) }
}

/** With an entry that may be served if a load fails. */
async function spare(): Promise<{ readonly cache: Cache; readonly clock: FakeClock }> {
  const { cache, clock } = kept()
  await cache.set('k', 'old', { ttl: '1m', staleIfError: '1h' })
  clock.advance('2m')
  return { cache, clock }
}
