import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { heldLoad } from '../cache/held-load.js'
import { nextSignal } from '../cache/next-signal.js'
import { STORES } from './stores.js'

for (const [over, makeStore] of Object.entries(STORES)) {
  describe(`A purge of a tag that a load has yet to find, over ${over}`, () => {
    it('counts: who asked before gets what is loaded, who asks after never does', async () => {
      const cache = createCache({ store: makeStore() })
      const part = heldLoad()
      const made = () => cache.getOrSet('part', part.loader, { tags: ['t'] }).then(value => `made of ${value}`)
      const before = [cache.getOrSet('whole', made), cache.getOrSet('whole', made)]
      await part.begun
      await cache.invalidate('t')
      let anew = 0
      const after = [1, 2].map(() => cache.getOrSet('whole', () => `made anew ${++anew}`))
      expect(anew, 'nobody can know yet, so they wait').to.equal(0)
      part.answer.open('old')
      expect(await Promise.all(before)).to.deep.equal(['made of old', 'made of old'])
      expect(await Promise.all(after), 'and then share a load').to.deep.equal(['made anew 1', 'made anew 1'])
      expect(await cache.get('whole')).to.equal('made anew 1')
      expect(await cache.get('part')).to.equal(undefined)
    })

    it('ends what nobody else asks for', async () => {
      const cache = createCache({ store: makeStore() })
      const part = heldLoad()
      const whole = cache.getOrSet('whole', () => cache.getOrSet('part', part.loader, { tags: ['t'] }))
      await part.begun
      await cache.invalidate('t')
      part.answer.open('old')
      expect(await whole).to.equal('old')
      expect(await cache.get('whole')).to.equal(undefined)
    })

    it('ends what had read its part before, and was made of it after', async () => {
      const cache = createCache({ store: makeStore() })
      await cache.set('part', 'old', { tags: ['t'] })
      const rest = heldLoad()
      const made = async () => `${await cache.get<string>('part')} ${await rest.loader()}`
      const before = cache.getOrSet('whole', made)
      await rest.begun
      await cache.invalidate('t')
      expect(await cache.getOrSet('whole', () => 'new'), 'the tag is known by now').to.equal('new')
      rest.answer.open('part')
      expect(await before).to.equal('old part')
      expect(await cache.get('whole')).to.equal('new')
    })

    it('passes what finds another', async () => {
      const cache = createCache({ store: makeStore() })
      const part = heldLoad()
      const made = () => cache.getOrSet('part', part.loader, { tags: ['found'] })
      const before = cache.getOrSet('whole', made)
      await part.begun
      await cache.invalidate('t')
      const after = cache.getOrSet('whole', made)
      const filled = nextSignal(cache, 'fill')
      part.answer.open('v')
      expect(await Promise.all([before, after])).to.deep.equal(['v', 'v'])
      await filled
      expect(part.calls).to.equal(1)
      expect(await cache.get('whole')).to.equal('v')
    })
  })
}
