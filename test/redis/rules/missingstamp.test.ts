import { expect } from 'chai'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { POLICY } from './purges.js'

onRedis('Rule 3, missingstamp: a tag whose position is not known', open => {
  for (const [where, near] of NEAR) {
    it(`may have been purged since the load began, so the fill is refused (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near }), await world.member({ near })]
      await reader.cache.getOrSet('known', () => 1, POLICY)
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await writer.cache.invalidate('t')
      await world.forget('t:t')
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
    })
  }

  it('is known from then on, so the next fill is accepted', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    const load = heldLoad()
    const before = reader.cache.getOrSet('k', load.loader, POLICY)
    await load.begun
    await writer.cache.invalidate('another')
    load.answer.open('v1')
    await before
    expect(await reader.cache.get('k'), 'for all that is known, it was purged').to.equal(undefined)
    expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    expect(await writer.cache.get('k')).to.equal('v2')
  })

  it('ends entries that carry it, for they cannot be told from purged ones', async () => {
    const world = open()
    const { cache } = await world.member({ near: false, judges: false })
    await cache.getOrSet('k', () => 'v1', POLICY)
    await world.forget('t:t')
    expect(await cache.get('k')).to.equal(undefined)
  })
})
