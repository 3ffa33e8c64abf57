import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { heldLoad } from '../cache/held-load.js'
import { STORES } from './stores.js'

/** More than a journal remembers. */
const MANY_TAGS = Array.from({ length: 66_000 }, (_, number) => `tag ${number}`)
const MANY_PATTERNS = Array.from({ length: 300 }, (_, number) => ({ pattern: `x${number}:*` }))

for (const [over, makeStore] of Object.entries(STORES)) {
  describe(`A purge that is forgotten in the middle of a load, over ${over}`, () => {
    it('counts all the same (a tag)', async () => {
      const cache = createCache({ store: makeStore() })
      const load = heldLoad()
      const before = cache.getOrSet('k', load.loader, { tags: ['t'] })
      await load.begun
      await cache.invalidate('t')
      await cache.invalidate(MANY_TAGS)
      load.answer.open('old')
      expect(await before).to.equal('old')
      expect(await cache.get('k')).to.equal(undefined)
    })

    it('counts all the same (a pattern)', async () => {
      const cache = createCache({ store: makeStore() })
      const load = heldLoad()
      const before = cache.getOrSet('k', load.loader)
      await load.begun
      await cache.invalidate({ pattern: 'k*' })
      for (const target of MANY_PATTERNS) await cache.invalidate(target)
      load.answer.open('old')
      expect(await before).to.equal('old')
      expect(await cache.get('k')).to.equal(undefined)
    })

    it('counts for what a slow look has found, too', async () => {
      const cache = createCache({ store: makeStore() })
      await cache.set('k', 'old', { tags: ['t'] })
      await cache.invalidate('t')
      await cache.invalidate(MANY_TAGS)
      expect(await cache.get('k')).to.equal(undefined)
    })
  })
}
