import { expect } from 'chai'
import { createCache, memoryStore, type Cache, type CacheEvents } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'

describe('The signal `hits`', () => {
  it('tells after a second how often each entry was served', async () => {
    const { cache, clock, told } = standing()
    await cache.set('a', 1)
    await cache.set('b', 2)
    for (let n = 0; n < 5; n++) await cache.get('a')
    await cache.get('b')
    expect(told()).to.deep.equal({})
    clock.advance('1s')
    expect(told()).to.deep.equal({ a: 5, b: 1 })
    await cache.get('a')
    clock.advance('1s')
    expect(told()).to.deep.equal({ a: 6, b: 1 })
  })

  it('counts what a function hands out ready made, without an event for each', async () => {
    const { cache, clock, told } = standing()
    const square = cache.cached(function square(n: number) {
      return n * n
    })
    await square(3)
    for (let n = 0; n < 1_000; n++) await square(3)
    clock.advance('1s')
    for (let n = 0; n < 1_000; n++) await square(3)
    clock.advance('1s')
    clock.advance('1m')
    expect(told()).to.deep.equal({ square: 2_000 })
  })

  it('counts none that came before anybody listened', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    const square = cache.cached(function square(n: number) {
      return n * n
    })
    for (let n = 0; n < 10; n++) await square(3)
    const { told } = listening(cache)
    for (let n = 0; n < 7; n++) await square(3)
    clock.advance('1s')
    expect(told()).to.deep.equal({ square: 7 })
  })

  it('loses none of an entry that is evicted or purged', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock, store: memoryStore({ maxBytes: 2_000 }) })
    const { told } = listening(cache)
    const text = cache.cached((name: string) => name.repeat(500), { name: 'text' })
    for (const name of ['a', 'b', 'c', 'a']) for (let n = 0; n < 5; n++) await text(name)
    await cache.clear()
    clock.advance('1s')
    expect(told()).to.deep.equal({ text: 4 * 4 })
  })

  it('tells what is left when the cache closes', async () => {
    const { cache, told } = standing()
    await cache.set('a', 1)
    await cache.get('a')
    await cache.close()
    expect(told()).to.deep.equal({ a: 1 })
  })

  it('says what each hit saved: the bytes, and the time of the load', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    const heard: CacheEvents['hits'][] = []
    cache.on('hits', event => heard.push(event))
    const load = () => (clock.advance(250), 'v')
    for (let n = 0; n < 100; n++) await cache.getOrSet('user:7', load, { ttl: '1h' })
    clock.advance('1s')
    const [event] = heard
    expect(event).to.include({ namespace: '', key: 'user:7', name: 'user:*', kind: 'value', count: 99, loadMs: 250 })
    expect(event?.bytes).to.be.above(0)
    expect(event?.timesMs.length).to.be.within(1, 8)
  })
})

describe('What is announced of a load', () => {
  it('is a failure, which was covered or not', async () => {
    const { cache, clock } = standing()
    const heard = all(cache, 'fail')
    const error = new Error('origin')
    const fail = () => cache.getOrSet('k', () => Promise.reject(error), { ttl: '1s', staleIfError: '1h' }).catch(() => undefined)
    await fail()
    await cache.set('k', 'old', { ttl: '1s', staleIfError: '1h' })
    clock.advance('2s')
    await fail()
    expect(heard.map(({ error: reason, covered, because }) => [reason, covered, because])).to.deep.equal([
      [error, false, 'absent'],
      [error, true, 'expired'],
    ])
  })

  it('is that others waited for it', async () => {
    const { cache } = standing()
    const heard = all(cache, 'collapsed')
    await Promise.all(Array.from({ length: 4 }, () => cache.getOrSet('k', async () => 'v')))
    await Promise.allSettled(Array.from({ length: 4 }, () => cache.getOrSet('l', () => Promise.reject(new Error('origin')))))
    expect(heard.map(({ key, failed }) => `${key} ${failed}`)).to.deep.equal([...Array(3).fill('k false'), ...Array(3).fill('l true')])
  })

  it('is a load that the cache had no part in', async () => {
    const { cache } = standing()
    const heard = all(cache, 'bypass')
    await cache.close()
    expect(await cache.getOrSet('k', () => 'v')).to.equal('v')
    expect(heard).to.deep.equal([{ namespace: '', key: 'k', name: 'k', kind: 'value', reason: 'closed' }])
  })

  it('bears the name of the function, or the template of its key', async () => {
    const { cache } = standing()
    const heard = all(cache, 'fill')
    const profile = cache.cached((id: string) => id, { key: 'user:{0}:profile' })
    const plain = cache.cached((id: string) => id, { name: 'plain' })
    await profile('ann')
    await plain('ann')
    await cache.set('x', 1)
    expect(heard.map(({ name, because }) => `${name} ${because}`)).to.deep.equal(['user:{0}:profile absent', 'plain absent', 'x set'])
  })
})

function standing() {
  const clock = fakeClock()
  const cache = createCache({ clock })
  return { clock, cache, ...listening(cache) }
}

/** How many hits have been told, by name. */
function listening(cache: Cache) {
  const counts: Record<string, number> = {}
  cache.on('hits', ({ name, count }) => {
    counts[name] = (counts[name] ?? 0) + count
  })
  return { told: () => ({ ...counts }) }
}

function all<Name extends keyof CacheEvents>(cache: Cache, name: Name): CacheEvents[Name][] {
  const heard: CacheEvents[Name][] = []
  cache.on(name, event => heard.push(event))
  return heard
}
