import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { countedLoad, heldLoad } from './held-load.js'

describe('getOrSet', () => {
  it('loads once, and then has it', async () => {
    const cache = createCache()
    const load = countedLoad(call => `load ${call}`)
    expect(await cache.getOrSet('k', load.loader)).to.equal('load 1')
    expect(await cache.getOrSet('k', load.loader)).to.equal('load 1')
    expect(await cache.get('k')).to.equal('load 1')
  })

  it('loads again when it is no longer fresh', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    const load = countedLoad(call => `load ${call}`)
    await cache.getOrSet('k', load.loader, { ttl: '1m' })
    clock.advance('1m')
    expect(await cache.getOrSet('k', load.loader, { ttl: '1m' })).to.equal('load 2')
  })

  it('is fresh from the end of the load', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.getOrSet(
      'k',
      () => {
        clock.advance('10m')
        return 'v'
      },
      { ttl: '1m' },
    )
    clock.advance(59_999)
    expect(await cache.get('k')).to.equal('v')
  })

  it('keeps nothing with a ttl of 0', async () => {
    const cache = createCache()
    const load = countedLoad(call => `load ${call}`)
    await cache.getOrSet('k', load.loader, { ttl: 0 })
    expect(await cache.getOrSet('k', load.loader, { ttl: 0 })).to.equal('load 2')
  })

  it('loads different keys apart', async () => {
    const cache = createCache()
    expect(await Promise.all([cache.getOrSet('a', () => 1), cache.getOrSet('b', () => 2)])).to.deep.equal([1, 2])
  })
})

describe('Many who ask at once', () => {
  it('cause one load, and all get its value', async () => {
    const cache = createCache()
    const load = heldLoad()
    const callers = Array.from({ length: 1_000 }, () => cache.getOrSet('k', load.loader))
    await load.begun
    callers.push(cache.getOrSet('k', load.loader))
    load.answer.open('v')
    expect(new Set(await Promise.all(callers))).to.deep.equal(new Set(['v']))
    expect(load.calls).to.equal(1)
  })

  it('get the error of the one load, the same for all, and it is not kept', async () => {
    const cache = createCache()
    const load = heldLoad()
    const callers = Array.from({ length: 10 }, () => cache.getOrSet('k', load.loader))
    await load.begun
    const error = Object.assign(new Error('origin'), { status: 404 })
    load.answer.fail(error)
    for (const outcome of await Promise.allSettled(callers)) expect(outcome).to.deep.equal({ status: 'rejected', reason: error })
    expect(load.calls).to.equal(1)
    expect(await cache.getOrSet('k', () => 'v')).to.equal('v')
  })

  it('bear a loader that throws before it first awaits', async () => {
    const cache = createCache()
    const error = new Error('at once')
    const throwing = () => {
      throw error
    }
    const outcomes = await Promise.allSettled([cache.getOrSet('k', throwing), cache.getOrSet('k', throwing)])
    for (const outcome of outcomes) expect(outcome).to.deep.equal({ status: 'rejected', reason: error })
    expect(await cache.getOrSet('k', () => 'v')).to.equal('v')
  })

  it('get what a loader throws that is no Error', async () => {
    const cache = createCache()
    const outcomes = await Promise.allSettled([1, 2].map(() => cache.getOrSet('k', () => Promise.reject(undefined))))
    for (const outcome of outcomes) expect(outcome).to.deep.equal({ status: 'rejected', reason: undefined })
  })

  it('cause a load each where nothing may be kept of it, and nobody waits behind another’s', async () => {
    const cache = createCache()
    const loads = [1, 2, 3].map(() => heldLoad<() => number>())
    const callers = loads.map(({ loader }) => cache.getOrSet('k', loader))
    const [first, ...others] = loads
    first?.answer.open(() => 1)
    await Promise.all(others.map(({ begun }) => begun))
    for (const [number, { answer }] of others.entries()) answer.open(() => number + 2)
    expect((await Promise.all(callers)).map(value => value())).to.deep.equal([1, 2, 3])
  })

  it('cause one look into a store that has nothing at hand', async () => {
    let looks = 0
    const store = storeWith(inner => ({ peek: () => undefined, read: async (...asked) => (looks++, inner.read(...asked)) }))
    const cache = createCache({ store })
    await cache.set('k', 'v')
    const asked = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet('k', () => expect.fail('loaded'))))
    expect(new Set(asked)).to.deep.equal(new Set(['v']))
    expect(looks).to.equal(1)
  })
})
