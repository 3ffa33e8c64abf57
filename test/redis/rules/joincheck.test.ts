import { expect } from 'chai'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { PURGES, POLICY } from './purges.js'

onRedis('Rule 7, joincheck: a load under way', open => {
  for (const [where, near] of NEAR) {
    for (const [what, purge] of Object.entries(PURGES)) {
      it(`answers who asked before ${what} was purged elsewhere, and nobody who asks after (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        const load = heldLoad()
        const before = [reader.cache.getOrSet('k', load.loader, POLICY), reader.cache.getOrSet('k', load.loader, POLICY)]
        await load.begun
        await purge(writer.cache)
        const after = reader.cache.getOrSet('k', () => 'v2', POLICY)
        load.answer.open('v1')
        expect(await Promise.all(before)).to.deep.equal(['v1', 'v1'])
        expect(await after).to.equal('v2')
      })
    }

    it(`answers nobody who asks after the purge of a tag that it has yet to find (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near }), await world.member({ near })]
      const part = heldLoad()
      const whole = () => reader.cache.getOrSet('part', part.loader, POLICY).then(value => `made of ${value}`)
      const before = reader.cache.getOrSet('whole', whole)
      await part.begun
      await writer.cache.invalidate('t')
      const after = reader.cache.getOrSet('whole', () => 'v2')
      part.answer.open('v1')
      expect(await before).to.equal('made of v1')
      expect(await after).to.equal('v2')
    })

    it(`that is but a look into the store answers nobody who asks after the purge (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near }), await world.member({ near })]
      expect(await writer.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const looking = reader.far.holdNext('read', 'back')
      const before = reader.cache.getOrSet('k', () => 'v1')
      await looking.reached
      await writer.cache.invalidate('t')
      const after = reader.cache.getOrSet('k', () => 'v2')
      looking.open()
      expect(await before).to.equal('v1')
      expect(await after).to.equal('v2')
    })
  }
})
