import { expect } from 'chai'
import { NEAR, onRedis } from '../on-redis.js'
import { POLICY } from './purges.js'

// What a real server does when it was started again, or took over, is in test/redis-ill/another-life.test.ts.
onRedis('Rule 8, epoch: of another server', open => {
  for (const [where, near] of NEAR) {
    it(`nothing counts, although it is all there (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near, leaseMs: 300 }), await world.member({ near, leaseMs: 300 })]
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      await world.admin.hset(world.named('meta'), 'server', 'another')
      for (const { cache } of [writer, reader])
        expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.be.oneOf(near ? ['v1', 'v2'] : ['v2'])
      await writer.cache.invalidate('t')
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
    })

    it(`a purge may have been lost (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near, leaseMs: 300 }), await world.member({ near, leaseMs: 300 })]
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const [marks, meta] = [world.named('t:t'), world.named('meta')]
      const [mark, position] = [await world.admin.get(marks), await world.admin.hget(meta, 'position')]
      await writer.cache.invalidate('t')
      // As it was before the purge, in one step.
      await world.admin.multi().set(marks, String(mark)).hset(meta, 'position', String(position), 'server', 'another').exec()
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
    })
  }
})
