import { expect } from 'chai'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { until, type Member } from '../world.js'

const POLICY = { tags: ['t'] }

onRedis('Rule 7, fencedjoin: a process that may not have heard of every purge', open => {
  for (const [what, near] of NEAR) {
    it(`joins no load in flight (${what})`, async () => {
      const world = open()
      const reader = await world.member({ near, leaseMs: 400 })
      const writer = await world.member({ near })
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await reader.deafen()
      await writer.cache.invalidate('t')
      const after = asked(reader, 'v2')
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      expect(await after).to.equal('v2')
    })

    it(`joins none that began before it could hear, once it can (${what})`, async () => {
      const world = open()
      const writer = await world.member({ near })
      let renewals: { open(): void } | undefined
      const reader = await world.member({ near, unready: ([far]) => (renewals = far?.hold('renew', 'there')) })
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await writer.cache.invalidate('t')
      renewals?.open()
      await until(() => reader.store.upToDate('k'))
      const after = asked(reader, 'v2')
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      expect(await after).to.equal('v2')
    })
  }
})

function asked({ cache }: Member, value: string): Promise<string> {
  return cache.getOrSet('k', () => value, POLICY)
}
