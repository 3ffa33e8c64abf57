import { expect } from 'chai'
import { NEAR, onRedis } from '../on-redis.js'
import { until } from '../world.js'
import { heldLoad } from '../../cache/held-load.js'
import { PURGES, POLICY } from './purges.js'

onRedis('Rule 5, catchup: the answer to a renewal', open => {
  for (const [what, purge] of Object.entries(PURGES)) {
    it(`brings the purge of ${what} before the lease`, async () => {
      const world = open()
      const reader = await world.member({ leaseMs: 300 })
      const writer = await world.member()
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const { renewals } = await reader.deafen()
      await purge(writer.cache)
      renewals.open()
      await until(() => reader.store.upToDate('k'))
      expect(reader.store.peek('k')).to.equal(undefined)
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })
  }

  it('begins anew where the journal has a gap', async () => {
    const world = open()
    const reader = await world.member({ leaseMs: 300 })
    const writer = await world.member()
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    const { renewals } = await reader.deafen()
    await writer.cache.invalidate('t')
    await world.forget('j')
    renewals.open()
    await until(() => reader.store.upToDate('k'))
    expect(reader.store.peek('k')).to.equal(undefined)
    expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
  })

  for (const [where, near] of NEAR) {
    it(`lets nobody join what the purges it brings have touched (${where})`, async () => {
      const world = open()
      const reader = await world.member({ near, leaseMs: 300 })
      const writer = await world.member({ near })
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      const { news, renewals } = await reader.deafen()
      await writer.cache.invalidate('t')
      renewals.open()
      await until(() => reader.store.upToDate('k'))
      news.open()
      const after = reader.cache.getOrSet('k', () => 'v2', POLICY)
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      expect(await after).to.equal('v2')
    })
  }
})
