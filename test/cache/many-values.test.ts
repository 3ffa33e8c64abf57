import { expect } from 'chai'
import { createCache, KeyError } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'

describe('has', () => {
  it('says whether something fresh is there, be it undefined', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    expect(await cache.has('k')).to.equal(false)
    await cache.set('k', undefined, { ttl: '1m', grace: '1h' })
    expect(await cache.has('k')).to.equal(true)
    clock.advance('1m')
    expect(await cache.has('k')).to.equal(false)
  })
})

describe('getMany', () => {
  it('finds what is fresh, by key, in the order that was asked for', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.setMany({ a: 1, b: undefined, c: 3 })
    await cache.set('stale', 4, { ttl: 0 })
    expect([...(await cache.getMany(['c', 'none', 'b', 'stale', 'a', 'a']))]).to.deep.equal([
      ['c', 3],
      ['b', undefined],
      ['a', 1],
    ])
  })
})

describe('setMany', () => {
  it('keeps what a Map or an object holds, under one policy', async () => {
    const cache = createCache()
    await cache.setMany(new Map([['a', 1]]), { tags: ['t'] })
    await cache.setMany({ b: 2, ['__proto__x']: 3 }, { tags: ['t'] })
    expect([...(await cache.getMany(['a', 'b', '__proto__x'])).values()]).to.deep.equal([1, 2, 3])
    await cache.invalidate('t')
    expect((await cache.getMany(['a', 'b'])).size).to.equal(0)
  })

  it('keeps nothing if one of the keys cannot be', async () => {
    const cache = createCache()
    expect(await cache.setMany({ a: 1, '~b': 2 }).catch((error: unknown) => error)).to.be.instanceOf(KeyError)
    expect(await cache.has('a')).to.equal(false)
  })
})

describe('deleteMany', () => {
  it('ends these and no others', async () => {
    const cache = createCache()
    await cache.setMany({ a: 1, b: 2, c: 3 })
    await cache.deleteMany(['a', 'c', 'none'])
    expect([...(await cache.getMany(['a', 'b', 'c'])).keys()]).to.deep.equal(['b'])
  })
})
