import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { STORES } from '../races/stores.js'

for (const [name, store] of Object.entries(STORES)) {
  describe(`Nested fragments in ${name}`, () => {
    function dolls() {
      const clock = fakeClock('2026-05-04T10:00:00Z')
      const cache = createCache({ store: store(), clock })
      const renders: string[] = []
      const part = (own: string, ttl: '1m' | '1h') =>
        cache.fragment(own, { ttl, tags: [`tag:${own}`] }, async () => {
          renders.push(own)
          await Promise.resolve()
          return `<${own}>`
        })
      const page = () =>
        cache.fragment('page', { ttl: '1h', tags: ['tag:page'] }, async () => {
          renders.push('page')
          return `[${(await Promise.all([part('head', '1h'), part('news', '1m'), part('foot', '1h')])).join('')}]`
        })
      const rendered = async () => {
        renders.length = 0
        expect(await page()).to.equal('[<head><news><foot>]')
        return renders
      }
      return { clock, cache, rendered }
    }

    it('are rendered once each', async () => {
      const { rendered } = dolls()
      expect(await rendered()).to.deep.equal(['page', 'head', 'news', 'foot'])
      expect(await rendered()).to.deep.equal([])
    })

    it('end with one inside them, and are made anew of its kept siblings', async () => {
      const { cache, rendered } = dolls()
      await rendered()
      for (const target of ['tag:news', { fragment: 'news' }]) {
        await cache.invalidate(target)
        expect(await rendered()).to.deep.equal(['page', 'news'])
        expect(await rendered()).to.deep.equal([])
      }
    })

    it('end without those inside them, which stay', async () => {
      const { cache, rendered } = dolls()
      await rendered()
      await cache.invalidate('tag:page')
      expect(await rendered()).to.deep.equal(['page'])
    })

    it('live no longer than their shortest part', async () => {
      const { clock, rendered } = dolls()
      await rendered()
      clock.advance('61s')
      expect(await rendered()).to.deep.equal(['page', 'news'])
    })

    it('depend on a part also where they found it kept', async () => {
      const { cache, rendered } = dolls()
      await rendered()
      await cache.invalidate('tag:page')
      await rendered()
      await cache.invalidate('tag:foot')
      expect(await rendered()).to.deep.equal(['page', 'foot'])
    })
  })
}
