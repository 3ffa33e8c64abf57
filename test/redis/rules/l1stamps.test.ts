import { expect } from 'chai'
import { onRedis } from '../on-redis.js'
import { PURGES, POLICY } from './purges.js'

onRedis('Rule 6, l1stamps: an answer of the far tier', open => {
  for (const [what, purge] of Object.entries(PURGES)) {
    it(`that was read before ${what} was purged does not enter the near tier after it`, async () => {
      const world = open()
      const [reader, writer] = [await world.member(), await world.member()]
      expect(await writer.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const reading = reader.far.holdNext('read', 'back')
      const before = reader.cache.getOrSet('k', () => 'loaded', POLICY)
      await reading.reached
      await purge(writer.cache)
      reading.open()
      expect(await before).to.equal('v1')
      expect(reader.store.peek('k')).to.equal(undefined)
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })

    it(`that was kept before ${what} was purged does not enter the near tier after it`, async () => {
      const world = open()
      const [reader, writer] = [await world.member(), await world.member()]
      const filling = reader.far.holdNext('fill', 'back')
      const before = reader.cache.getOrSet('k', () => 'v1', POLICY)
      await filling.reached
      await purge(writer.cache)
      filling.open()
      expect(await before).to.equal('v1')
      expect(reader.store.peek('k')).to.equal(undefined)
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })
  }

  it('that is newer than what was heard here survives the hearing', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    const { news } = await reader.deafen()
    const { resolved } = await writer.purge('t')
    expect(await writer.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    expect(await reader.cache.get('k')).to.equal('v2')
    news.open()
    await resolved
    expect(reader.store.peek('k')?.value).to.equal('v2')
  })
})
