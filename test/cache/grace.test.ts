import { expect } from 'chai'
import { createCache, type Cache, type PolicyOptions } from 'smart-cache'
import { fakeClock, gate, type FakeClock } from 'smart-cache/testing'
import { countedLoad, heldLoad } from './held-load.js'
import { nextSignal, signalsOf } from './next-signal.js'

const POLICY: PolicyOptions = { ttl: '1m', grace: '10m' }

describe('Within its grace an entry', () => {
  it('is served stale, while exactly one load refreshes it behind everybody’s back', async () => {
    const { cache } = await stale()
    const load = heldLoad()
    const asked = await Promise.all(Array.from({ length: 20 }, () => cache.getOrSet('k', load.loader, POLICY)))
    asked.push(await cache.getOrSet('k', load.loader, POLICY))
    expect(new Set(asked)).to.deep.equal(new Set(['old']))
    expect(load.calls).to.equal(1)
    const filled = nextSignal(cache, 'fill')
    load.answer.open('new')
    await filled
    expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('new')
    expect(load.calls).to.equal(1)
  })

  it('is fresh again for a whole ttl from the refresh', async () => {
    const { cache, clock } = await stale()
    const filled = nextSignal(cache, 'fill')
    await cache.getOrSet('k', () => 'new', POLICY)
    await filled
    clock.advance(59_999)
    expect(await cache.get('k')).to.equal('new')
    clock.advance(1)
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('is announced as stale, with its age', async () => {
    const { cache, clock } = await stale()
    clock.advance('1m')
    const event = nextSignal(cache, 'stale')
    void cache.getOrSet('k', () => 'new', POLICY)
    expect(await event).to.deep.include({ namespace: '', key: 'k', ageMs: 120_000, reason: 'grace' })
  })

  it('outlives a refresh that fails, whose error is announced', async () => {
    const { cache } = await stale()
    const error = new Error('origin')
    const event = nextSignal(cache, 'error')
    expect(await cache.getOrSet('k', () => Promise.reject(error), POLICY)).to.equal('old')
    expect(await event).to.deep.equal({ operation: 'refresh', namespace: '', key: 'k', error })
    const load = countedLoad(() => 'new')
    const filled = nextSignal(cache, 'fill')
    expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('old')
    await filled
    expect(load.calls, 'the next who asks tries again').to.equal(1)
  })

  it('is not waited for: a refresh that never ends holds up nobody', async () => {
    const { cache } = await stale()
    expect(await cache.getOrSet('k', () => new Promise<string>(() => undefined), POLICY)).to.equal('old')
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('old')
  })

  it('ends with a hard purge, whatever its grace', async () => {
    const { cache } = await stale()
    await cache.invalidate({ key: 'k' })
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
  })

  it('is not refreshed with what was loaded before a hard purge', async () => {
    const { cache } = await stale()
    const load = heldLoad()
    expect(await cache.getOrSet('k', load.loader, POLICY)).to.equal('old')
    await load.begun
    await cache.invalidate({ key: 'k' })
    const refused = nextSignal(cache, 'refuse')
    load.answer.open('old too')
    await refused
    expect(await cache.get('k')).to.equal(undefined)
  })
})

describe('Past its grace an entry', () => {
  it('is loaded anew, and all wait', async () => {
    const { cache, clock } = await stale()
    clock.advance('10m')
    const load = heldLoad()
    const callers = [cache.getOrSet('k', load.loader, POLICY), cache.getOrSet('k', load.loader, POLICY)]
    load.answer.open('new')
    expect(await Promise.all(callers)).to.deep.equal(['new', 'new'])
    expect(load.calls).to.equal(1)
  })

  it('is announced as a miss of what has expired', async () => {
    const { cache, clock } = await stale()
    clock.advance('10m')
    const event = nextSignal(cache, 'miss')
    await cache.getOrSet('k', () => 'new', POLICY)
    expect(await event).to.deep.include({ namespace: '', key: 'k', reason: 'expired' })
  })
})

describe('A soft purge', () => {
  it('lets grace work: the old is served while it is refreshed', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'old', { ...POLICY, tags: ['t'] })
    await cache.invalidate('t', { soft: true })
    expect(await cache.get('k')).to.equal(undefined)
    const filled = nextSignal(cache, 'fill')
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('old')
    await filled
    expect(await cache.get('k')).to.equal('new')
  })

  it('counts the grace from the purge', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'old', { ttl: '1h', grace: '1m', tags: ['t'] })
    await cache.invalidate('t', { soft: true })
    clock.advance('1m')
    expect(await cache.getOrSet('k', () => 'new')).to.equal('new')
  })

  it('ends what has no grace', async () => {
    const cache = createCache()
    await cache.set('k', 'old', { tags: ['t'] })
    await cache.invalidate({ prefix: 'k' }, { soft: true })
    expect(await cache.getOrSet('k', () => 'new')).to.equal('new')
  })

  it('gives what has already gone stale no more time', async () => {
    const { cache, clock } = await stale()
    clock.advance('9m')
    await cache.invalidate({ key: 'k' }, { soft: true })
    clock.advance('1m')
    expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
  })

  it('in the middle of a load has it kept stale', async () => {
    const cache = createCache({ clock: fakeClock() })
    const load = heldLoad()
    const asked = cache.getOrSet('k', load.loader, { ...POLICY, tags: ['t'] })
    await load.begun
    await cache.invalidate('t', { soft: true })
    load.answer.open('old')
    expect(await asked).to.equal('old')
    expect(await cache.get('k')).to.equal(undefined)
    expect(await cache.getOrSet('k', () => gate<string>(), POLICY)).to.equal('old')
  })
})

describe('A refresh', () => {
  it('is neither a hit nor a miss', async () => {
    const { cache } = await stale()
    const heard = signalsOf(cache, 'hit', 'miss', 'stale', 'fill')
    const filled = nextSignal(cache, 'fill')
    await cache.getOrSet('k', () => 'new', POLICY)
    await filled
    expect(heard).to.deep.equal(['stale k', 'fill k'])
  })
})

async function stale(): Promise<{ cache: Cache; clock: FakeClock }> {
  const clock = fakeClock()
  const cache = createCache({ clock })
  await cache.set('k', 'old', POLICY)
  clock.advance('1m')
  return { cache, clock }
}
