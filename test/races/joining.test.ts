import { expect } from 'chai'
import { createCache, type Cache, type Target } from 'smart-cache'
import { heldLoad } from '../cache/held-load.js'
import { STORES } from './stores.js'

const POLICY = { tags: ['t'] }

for (const [over, makeStore] of Object.entries(STORES)) {
  describe(`Who asks in the middle of a load, over ${over}`, () => {
    const passing: readonly Target[] = ['other', { key: 'other' }, { keys: ['other', 'k:1'] }, { prefix: 'kk' }, { pattern: '*:k' }]
    for (const target of passing) {
      it(`shares it after a purge of ${JSON.stringify(target)}, which does not touch it`, async () => {
        const cache = createCache({ store: makeStore() })
        const load = heldLoad()
        const before = cache.getOrSet('k', load.loader, POLICY)
        await load.begun
        await cache.invalidate(target)
        const after = cache.getOrSet('k', load.loader, POLICY)
        load.answer.open('v')
        expect(await Promise.all([before, after])).to.deep.equal(['v', 'v'])
        expect(load.calls).to.equal(1)
        expect(await cache.get('k'), 'and it is kept').to.equal('v')
      })
    }

    it('shares it after a purge in another namespace', async () => {
      const cache = createCache({ store: makeStore() })
      const load = heldLoad()
      const before = cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await cache.namespace('shop').clear()
      await cache.namespace('shop').invalidate(['t', 'k'])
      const after = cache.getOrSet('k', load.loader, POLICY)
      load.answer.open('v')
      expect(await Promise.all([before, after])).to.deep.equal(['v', 'v'])
      expect(load.calls).to.equal(1)
    })

    it('loads anew after 1,001 purges that do not touch it: comparing would cost more than it saves', async () => {
      const { cache, load, before } = await loading(makeStore())
      await cache.invalidate(tags(1_001))
      expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
      load.answer.open('old')
      expect(await before).to.equal('old')
      expect(await cache.get('k')).to.equal('new')
    })

    it('never gets it after 1,001 purges that do not touch it and one that does', async () => {
      const { cache, load, before } = await loading(makeStore())
      for (const tag of tags(1_001)) await cache.invalidate(tag)
      await cache.invalidate('t')
      expect(await cache.getOrSet('k', () => 'new', POLICY)).to.equal('new')
      load.answer.open('old')
      expect(await before).to.equal('old')
      expect(await cache.get('k')).to.equal('new')
    })

    it('never gets it after one purge that touches a tag still to be found, and 1,001 others', async () => {
      const cache = createCache({ store: makeStore() })
      const part = heldLoad()
      const before = cache.getOrSet('k', () => cache.getOrSet('part', part.loader, POLICY))
      await part.begun
      await cache.invalidate(['t', ...tags(999)])
      const joined = cache.getOrSet('k', () => 'new')
      await cache.invalidate(tags(10))
      const apart = cache.getOrSet('k', () => 'new')
      part.answer.open('old')
      expect(await Promise.all([before, joined, apart])).to.deep.equal(['old', 'new', 'new'])
      expect(await cache.get('k')).to.equal('new')
    })
  })

  describe(`A second load of a key beside the first, over ${over}`, () => {
    it('is kept, and the first is not, whichever ends first', async () => {
      for (const order of ['first, second', 'second, first']) {
        const { cache, load: first, before } = await loading(makeStore())
        await cache.invalidate('t')
        const second = heldLoad()
        const after = [cache.getOrSet('k', second.loader, POLICY)]
        await second.begun
        after.push(cache.getOrSet('k', second.loader, POLICY))
        const ends = { 'first, second': [first, second], 'second, first': [second, first] }[order] ?? []
        for (const load of ends) {
          load.answer.open(load === first ? 'old' : 'new')
          await Promise.all(load === first ? [before] : after)
        }
        expect(await before).to.equal('old')
        expect(await Promise.all(after)).to.deep.equal(['new', 'new'])
        expect(second.calls).to.equal(1)
        expect(await cache.get('k'), order).to.equal('new')
      }
    })
  })
}

async function loading(store: ReturnType<(typeof STORES)[string]>) {
  const cache: Cache = createCache({ store })
  const load = heldLoad()
  const before = cache.getOrSet('k', load.loader, POLICY)
  await load.begun
  return { cache, load, before }
}

function tags(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `tag ${number}`)
}
