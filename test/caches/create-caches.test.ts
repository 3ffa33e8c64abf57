import { expect } from 'chai'
import { ConfigError, createCache, createCaches, memoryStore, nullStore } from 'smart-cache'
import { countedLoad } from '../cache/held-load.js'

describe('createCaches', () => {
  it('makes caches by name that have nothing in common', async () => {
    const caches = createCaches({ default: {}, sessions: { store: memoryStore({ maxBytes: '1mb' }), namespace: 'sessions' } })
    await caches.default.set('k', 'v')
    expect(await caches.sessions.get('k')).to.equal(undefined)
    await caches.sessions.set('k', 's')
    await caches.default.clear()
    expect(await caches.sessions.get('k')).to.equal('s')
    expect(Object.keys(caches)).to.deep.equal(['default', 'sessions'])
  })

  it('refuses two that would keep the same names in one store', () => {
    const store = memoryStore()
    expect(() => createCaches({ one: { store }, other: { store } })).to.throw(ConfigError, '"other"')
    createCaches({ one: { store }, other: { store, namespace: 'other' } })
  })

  it('refuses options that createCache refuses', () => {
    expect(() => createCaches({ one: { stor: memoryStore() } as object })).to.throw(ConfigError, '`store`')
  })
})

describe('The version of a namespace', () => {
  it('is a part of its names', async () => {
    const store = memoryStore()
    const [one, two] = ['1', 2].map(version => createCache({ store, namespace: 'shop', version }))
    await one?.set('k', 'old', { tags: ['t'] })
    expect(await two?.get('k')).to.equal(undefined)
    await two?.invalidate('t')
    expect(await one?.get('k')).to.equal('old')
    expect([one?.version, two?.version, createCache().version]).to.deep.equal(['1', 2, undefined])
  })

  it('goes with a namespace inside another', async () => {
    const cache = createCache()
    const shop = cache.namespace('shop', { version: 2 })
    const events: string[] = []
    cache.on('fill', ({ namespace }) => events.push(namespace))
    await shop.namespace('eu').set('k', 'v')
    expect(events).to.deep.equal(['shop@2/eu'])
    await cache.namespace('shop').clear()
    expect(await shop.namespace('eu').get('k')).to.equal('v')
    await shop.clear()
    expect(await shop.namespace('eu').get('k')).to.equal(undefined)
  })

  it('is refused if it is none, or of no namespace', () => {
    expect(() => createCache({ namespace: 'a', version: '1/2' })).to.throw(ConfigError)
    expect(() => createCache({ version: 2 })).to.throw(ConfigError, '`namespace`')
    expect(() => createCache().namespace('a', { version: NaN })).to.throw(ConfigError)
  })
})

describe('A cache over the null store', () => {
  it('keeps nothing, and works', async () => {
    const cache = createCache({ store: nullStore() })
    const load = countedLoad(call => call)
    const f = cache.cached((_id: number) => load.loader(), { name: 'f' })
    expect([await f(7), await f(7), await cache.getOrSet('k', load.loader)]).to.deep.equal([1, 2, 3])
    await cache.set('k', 'v')
    expect(await cache.get('k')).to.equal(undefined)
    await cache.invalidate('t')
    await cache.put('k', 'v', () => 'saved')
    expect(await f.refresh(7)).to.equal(4)
    await cache.close()
  })
})

describe('A cache that is not enabled', () => {
  it('keeps nothing, and leaves the store alone', async () => {
    const store = memoryStore()
    const kept = createCache({ store })
    await kept.set('k', 'kept')
    const cache = createCache({ enabled: false, store })
    const load = countedLoad(call => call)
    expect([await cache.getOrSet('k', load.loader), await cache.getOrSet('k', load.loader)]).to.deep.equal([1, 2])
    await cache.set('k', 'v')
    await cache.invalidate({ key: 'k' })
    await cache.close()
    expect(await kept.get('k')).to.equal('kept')
  })

  it('is refused a word for a switch', () => {
    expect(() => createCache({ enabled: 'no' as unknown as boolean })).to.throw(ConfigError, '`enabled`')
  })
})
