import { expect } from 'chai'
import { onRedis } from '../on-redis.js'
import { POLICY } from './purges.js'

/** What Redis may lose, with which nobody knows any more who may be serving from memory. */
const LOSSES: Readonly<Record<string, readonly string[]>> = { everything: ['*'], 'its epoch': ['meta'], 'its members': ['m'] }

onRedis('Rule 8, grace: a store that has lost', open => {
  for (const [what, names] of Object.entries(LOSSES)) {
    it(`${what} has purges wait until nobody can serve from memory what he had before`, async () => {
      const world = open()
      const reader = await world.member({ leaseMs: 400 })
      const writer = await world.member({ leaseMs: 400 })
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      await reader.deafen()
      await world.forget(...names)
      await writer.cache.invalidate('t')
      expect(reader.store.peek('k')).to.equal(undefined)
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })

    it(`${what} has a put wait as well`, async () => {
      const world = open()
      const reader = await world.member({ leaseMs: 400 })
      const writer = await world.member({ leaseMs: 400 })
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      await reader.deafen()
      await world.forget(...names)
      await writer.cache.set('k', 'v2', POLICY)
      expect(reader.store.peek('k')).to.equal(undefined)
      expect(await reader.cache.getOrSet('k', () => 'v3', POLICY)).to.equal('v2')
    })
  }
})
