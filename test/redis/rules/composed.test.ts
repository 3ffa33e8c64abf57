import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import { NEAR, onRedis } from '../on-redis.js'
import { heldLoad } from '../../cache/held-load.js'
import type { Member } from '../world.js'

const POLICY = { tags: ['t'] }

/** A whole that is made of a part, and bears its tag because it reads it. */
function whole({ cache }: Member, name: string, part: string, value: string): Promise<string> {
  return cache.getOrSet(name, () => cache.getOrSet(part, () => value, POLICY))
}

onRedis('Rule 2 of what is made of other entries', open => {
  it('refuses it if a part was at hand here, and purged already elsewhere', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    expect(await reader.cache.getOrSet('part', () => 'v1', POLICY)).to.equal('v1')
    const { news, renewals } = await reader.deafen()
    const { resolved } = await writer.purge('t')
    expect(await whole(reader, 'whole', 'part', 'v2')).to.equal('v1')
    news.open()
    renewals.open()
    await resolved
    for (const member of [reader, writer]) expect(await whole(member, 'whole', 'part', 'v2')).to.equal('v2')
  })

  for (const [what, near] of NEAR) {
    it(`refuses it if the load of a part was joined here, and its tag purged already elsewhere (${what})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near }), await world.member({ near })]
      const part = heldLoad()
      const before = reader.cache.getOrSet('part', part.loader, POLICY)
      await part.begun
      const { news, renewals } = await reader.deafen()
      const { resolved } = await writer.purge('t')
      const joining = gate()
      const made = reader.cache.getOrSet('whole', () => (joining.open(), reader.cache.getOrSet('part', () => 'v2', POLICY)))
      await joining
      part.answer.open('v1')
      expect(await before).to.equal('v1')
      expect(await made).to.equal('v1')
      news.open()
      renewals.open()
      await resolved
      for (const member of [reader, writer]) expect(await whole(member, 'whole', 'part', 'v2')).to.equal('v2')
    })
  }

  it('refuses it if a part was at hand here, in another life of the store', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ leaseMs: 600 }), await world.member({ leaseMs: 600 })]
    expect(await reader.cache.getOrSet('part', () => 'v1', POLICY)).to.equal('v1')
    const { news, renewals } = await reader.deafen()
    const { resolved } = await writer.purge('t')
    await world.forget()
    // The first who asks begins the new life.
    expect(await writer.cache.get('part')).to.equal(undefined)
    await world.age()
    expect(await whole(reader, 'whole', 'part', 'v2')).to.be.oneOf(['v1', 'v2'])
    news.open()
    renewals.open()
    await resolved
    for (const member of [reader, writer]) expect(await whole(member, 'whole', 'part', 'v2')).to.equal('v2')
  })

  it('ends it if a part was read in a shard where it was not purged yet', async () => {
    const world = open(2)
    const [reader, writer] = [await world.member({ near: false }), await world.member({ near: false })]
    // In both orders: the part in the shard that is purged first, and in the other.
    for (const [first, last] of [writer.shards, writer.shards.toReversed()]) {
      for (let number = 0; number < 6; number++) {
        const name = `${number} ${last === writer.far}`
        expect(await reader.cache.getOrSet(`part ${name}`, () => 'v1', POLICY)).to.equal('v1')
        const [done, held] = [first?.holdNext('purge', 'back'), last?.holdNext('purge', 'there')]
        const purged = writer.cache.invalidate('t')
        await Promise.all([done?.reached, held?.reached])
        expect(await whole(reader, `whole ${name}`, `part ${name}`, 'v2')).to.be.oneOf(['v1', 'v2'])
        done?.open()
        held?.open()
        await purged
        expect(await whole(writer, `whole ${name}`, `part ${name}`, 'v2'), name).to.equal('v2')
      }
    }
  })
})
