import { expect } from 'chai'
import { ConfigError, createCache } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'

describe('add', () => {
  it('keeps what is not there, and says whether it did', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    expect(await cache.add('k', 'first', { ttl: '1m' })).to.equal(true)
    expect(await cache.add('k', 'second', { ttl: '1h' })).to.equal(false)
    expect(await cache.get('k')).to.equal('first')
    clock.advance('1m')
    expect(await cache.add('k', 'third')).to.equal(true)
    expect(await cache.get('k')).to.equal('third')
  })
})

describe('touch', () => {
  it('lets what is there live from now on for another ttl', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'v', { ttl: '1m', tags: ['t'] })
    clock.advance('59s')
    expect(await cache.touch('k', '1m')).to.equal(true)
    clock.advance('59s')
    expect(await cache.get('k')).to.equal('v')
    clock.advance('1s')
    expect(await cache.touch('k', '1m')).to.equal(false)
    expect(await cache.touch('none', '1m')).to.equal(false)
  })

  it('reaches those who have the answer ready', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    let loads = 0
    const f = cache.cached((_id: number) => ++loads, { key: 'f:{0}', ttl: '1h' })
    for (const _ of [1, 2, 3]) await f(7)
    await cache.touch('f:7', '1m')
    clock.advance('1m')
    expect(await f(7)).to.equal(2)
  })
})

describe('increment and decrement', () => {
  it('count from 0, keeping the life that the first gave', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    expect(await cache.increment('k', 1, { ttl: '1m' })).to.equal(1)
    clock.advance('30s')
    expect(await cache.increment('k', 5, { ttl: '1h' })).to.equal(6)
    expect(await cache.decrement('k')).to.equal(5)
    expect(await cache.get('k')).to.equal(5)
    clock.advance('30s')
    expect(await cache.decrement('k', 3)).to.equal(-3)
  })

  it('count on from what was set, and refuse what is no number', async () => {
    const cache = createCache()
    await cache.set('k', 41)
    expect(await cache.increment('k')).to.equal(42)
    await cache.set('k', '41')
    expect(await cache.increment('k').catch((error: unknown) => error)).to.have.property('code', 'ERR_CACHE_STORE')
    for (const by of [NaN, Infinity, '1' as unknown as number]) {
      expect(await cache.increment('k', by).catch((error: unknown) => error)).to.be.instanceOf(ConfigError)
    }
  })

  it('lose none of a thousand at once', async () => {
    const cache = createCache()
    const counts = await Promise.all(Array.from({ length: 1000 }, () => cache.increment('k')))
    expect(new Set(counts).size).to.equal(1000)
    expect(await cache.get('k')).to.equal(1000)
  })
})
