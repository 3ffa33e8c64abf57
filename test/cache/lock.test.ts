import { expect } from 'chai'
import { createCache, type Reading, type Store } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { countedLoad } from './held-load.js'

/** A store in which another process loads whatever is not kept, until `done`. */
function contested(done: Promise<void>): Store {
  return storeWith(inner => ({
    read: (key, now, toFill) => {
      const reading = inner.read(key, now, toFill) as Reading
      return reading.lease === undefined ? reading : { ...reading, lease: undefined, busy: done }
    },
  }))
}

describe('While another process loads', () => {
  it('whoever asks waits for it', async () => {
    const done = gate()
    const store = contested(done)
    const cache = createCache({ store })
    const load = countedLoad(() => 'own')
    const asked = cache.getOrSet('k', load.loader)
    await cache.set('k', 'theirs')
    done.open()
    expect([await asked, load.calls]).to.deep.equal(['theirs', 0])
  })

  it('with lock: false nobody does: everybody loads for himself, and keeps nothing', async () => {
    const cache = createCache({ store: contested(gate()) })
    const load = countedLoad(call => call)
    const f = cache.cached((_id: number) => load.loader(), { name: 'f', lock: false })
    expect([await cache.getOrSet('k', load.loader, { lock: false }), await f(7), await f(7)]).to.deep.equal([1, 2, 3])
    expect([await cache.get('k'), await f.entry(7)]).to.deep.equal([undefined, undefined])
  })
})

describe('In one process', () => {
  it('a load is shared with lock: false, too', async () => {
    const cache = createCache()
    const load = countedLoad(() => 'v')
    const ask = () => cache.getOrSet('k', load.loader, { lock: false })
    expect(new Set(await Promise.all(Array.from({ length: 100 }, ask)))).to.deep.equal(new Set(['v']))
    expect(load.calls).to.equal(1)
  })
})
