import { expect } from 'chai'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { PURGES, POLICY } from './purges.js'

onRedis('Rule 2, fillcheck: a load', open => {
  for (const [where, near] of NEAR) {
    for (const [what, purge] of Object.entries(PURGES)) {
      it(`is not kept if ${what} was purged by another process since it began (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        // The store knows the tag: that it would not is another rule.
        await reader.cache.getOrSet('known', () => 1, POLICY)
        const load = heldLoad()
        const before = reader.cache.getOrSet('k', load.loader, POLICY)
        await load.begun
        await purge(writer.cache)
        load.answer.open('v1')
        expect(await before, 'who asked before the purge may have it').to.equal('v1')
        for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
        for (const { cache } of [reader, writer]) expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
      })

      it(`is not kept either if it had learned of the purge of ${what} before it was kept (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        await reader.cache.getOrSet('known', () => 1, POLICY)
        const filling = reader.far.holdNext('fill', 'there')
        const before = reader.cache.getOrSet('k', () => 'v1', POLICY)
        await filling.reached
        await purge(writer.cache)
        filling.open()
        expect(await before).to.equal('v1')
        for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
      })
    }

    it(`is not kept if its lease has run out, and another process has filled the key since (${where})`, async () => {
      const world = open()
      const slow = await world.member({ near, fillLeaseMs: 50 })
      const other = await world.member({ near })
      const load = heldLoad()
      const before = slow.cache.getOrSet('k', load.loader)
      await load.begun
      expect(await other.cache.getOrSet('k', () => 'v2')).to.equal('v2')
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      for (const { cache } of [slow, other]) expect(await cache.get('k')).to.equal('v2')
    })
  }
})
