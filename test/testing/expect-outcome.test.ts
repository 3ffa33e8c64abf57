import { AssertionError } from 'node:assert'
import { expect } from 'chai'
import { createCache, type Cache } from 'smart-cache'
import { expectHit, expectMiss, fakeClock } from 'smart-cache/testing'

describe('expectHit and expectMiss', () => {
  it('return what the work returns, if what they expect was announced', async () => {
    const cache = createCache()
    expect(await expectMiss(cache, 'k', () => cache.getOrSet('k', () => 'v'))).to.equal('v')
    expect(await expectHit(cache, 'k', () => cache.getOrSet('k', () => 'v'))).to.equal('v')
    expect(await expectHit(cache, 'k', async () => [await cache.get('other'), await cache.get('k')])).to.deep.equal([undefined, 'v'])
  })

  it('throw what the work throws', async () => {
    const cache = createCache()
    const error = new Error('work')
    const failing = () => {
      throw error
    }
    for (const expecting of [expectHit(cache, 'k', failing), expectMiss(cache, 'k', () => Promise.reject(error))]) {
      expect(await Promise.allSettled([expecting])).to.deep.equal([{ status: 'rejected', reason: error }])
    }
  })

  it('know the key of a namespace from the same key of another', async () => {
    const cache = createCache()
    const shop = cache.namespace('shop')
    await shop.set('k', 'v')
    expect(await expectHit(shop, 'k', () => shop.get('k'))).to.equal('v')
    await failure(expectHit(cache, 'k', () => shop.get('k')))
    await failure(expectHit(shop.namespace('inner'), 'k', () => shop.get('k')))
    await failure(expectHit(createCache(), 'k', () => shop.get('k')))
  })

  it('listen no longer than the work lasts', async () => {
    const cache = createCache()
    await cache.set('k', 'v')
    await failure(expectMiss(cache, 'k', () => cache.get('k')))
    await failure(expectHit(cache, 'k', () => undefined))
  })

  const rows: readonly (readonly [string, (cache: Cache) => Promise<unknown>])[] = [
    ['Expected a hit of "k", but nothing was announced of it', async () => undefined],
    ['Expected a hit of "k", but miss (absent) was announced', cache => cache.get('k')],
    ['Expected a hit of "k", but miss (absent), fill was announced', cache => cache.getOrSet('k', () => 'v')],
    ['Expected a hit of "k", but miss (absent), refuse (expired) was announced', cache => cache.getOrSet('k', () => 'v', { ttl: 0 })],
    ['Expected a hit of "k", but stale (grace) was announced', cache => cache.getOrSet('stale', () => 'v')],
    [
      'Expected a hit of "k", but miss (absent), error (keep: CodecError: Expected a value that can be kept (plain data, Date, Map, Set, BigInt, ' +
        'Buffer, typed arrays), got a function), refuse (unkeepable) was announced',
      cache => cache.getOrSet('k', () => () => 1),
    ],
    [
      'Expected a hit of "k", but nothing was announced of it (of others: miss of "a", miss of "b")',
      async cache => [await cache.get('a'), await cache.get('b')],
    ],
    [
      'Expected a hit of "k", but nothing was announced of it (of others: miss of "0", miss of "1", miss of "2", miss of "3", miss of "4" and 2 more)',
      async cache => {
        for (let key = 0; key < 7; key++) await cache.get(String(key))
      },
    ],
  ]
  for (const [message, work] of rows) {
    it(`say: ${message.slice(0, 120)}`, async () => {
      const clock = fakeClock()
      const cache = createCache({ clock })
      await cache.set('stale', 'v', { ttl: '1m', grace: '1h' })
      clock.advance('2m')
      const key = message.includes('stale') ? 'stale' : 'k'
      const error = await failure(expectHit(cache, key, () => work(cache)))
      expect(error.message).to.equal(message.replace('"k"', JSON.stringify(key)))
    })
  }

  it('fail as an assertion does, with what was expected and what was', async () => {
    const cache = createCache()
    const error = await failure(expectHit(cache, 'k', () => cache.getOrSet('k', () => 'v')))
    expect(error).to.deep.include({ code: 'ERR_ASSERTION', expected: ['hit'], actual: ['miss', 'fill'] })
  })
})

async function failure(expecting: Promise<unknown>): Promise<AssertionError> {
  const [outcome] = await Promise.allSettled([expecting])
  expect(outcome).to.have.property('reason').that.is.instanceOf(AssertionError)
  return (outcome as PromiseRejectedResult).reason as AssertionError
}
