import { expect } from 'chai'
import { CacheError, createCache, type Cache } from 'smart-cache'
import { storeWith } from '../stores/store-with.js'
import { countedLoad, heldLoad } from './held-load.js'

describe('A closed cache', () => {
  it('still loads, and keeps nothing', async () => {
    const cache = createCache()
    await cache.getOrSet('k', () => 'before')
    await cache.close()
    const load = countedLoad(call => `load ${call}`)
    expect(await cache.getOrSet('k', load.loader)).to.equal('load 1')
    expect(await cache.getOrSet('k', load.loader)).to.equal('load 2')
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('lets a load under way end for those who wait, and does not keep it', async () => {
    const cache = createCache()
    const load = heldLoad()
    const callers = [cache.getOrSet('k', load.loader), cache.getOrSet('k', load.loader)]
    await load.begun
    await cache.close()
    load.answer.open('v')
    expect(await Promise.all(callers)).to.deep.equal(['v', 'v'])
    expect(await cache.get('k')).to.equal(undefined)
  })

  const refused: Readonly<Record<string, (cache: Cache) => Promise<unknown>>> = {
    set: cache => cache.set('k', 'v'),
    invalidate: cache => cache.invalidate('t'),
    delete: cache => cache.delete('k'),
    clear: cache => cache.clear(),
    'set in a namespace': cache => cache.namespace('a').set('k', 'v'),
  }
  for (const [what, call] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const cache = createCache()
      await cache.close()
      const [outcome] = await Promise.allSettled([call(cache)])
      expect(outcome).to.have.property('reason').that.is.instanceOf(CacheError)
      expect(outcome).to.have.nested.property('reason.code', 'ERR_CACHE_CLOSED')
    })
  }

  it('closes its store once', async () => {
    let closed = 0
    const cache = createCache({ store: storeWith(() => ({ close: () => void closed++ })) })
    await Promise.all([cache.close(), cache.namespace('a').close()])
    await cache.close()
    expect(closed).to.equal(1)
  })
})
