import { expect } from 'chai'
import { ask } from '../../../lib/cache/ask.js'
import { keepable } from '../../../lib/entries/keepable.js'
import { resolvePolicy } from '../../../lib/cache/policy.js'
import { onRedis } from '../on-redis.js'
import type { Member } from '../world.js'

const POLICY = resolvePolicy({ tags: ['t'] }, 'test')

async function begun({ engine }: Member, key: string) {
  const visit = await ask(engine, { key, tags: ['t'] })
  if (visit.state !== 'miss') throw new Error(`Expected a miss, got ${visit.state}`)
  return visit.lead
}

onRedis('A load that turns out to belong under another key', open => {
  for (const shards of [1, 2, 4]) {
    it(`is not kept there if a purge came between (${shards} shards)`, async () => {
      const world = open(shards)
      const reader = await world.member()
      const writer = await world.member()
      // Some shards are ahead of others.
      for (let number = 0; number < 40; number++) await writer.cache.invalidate({ key: `other ${number % 5}` })
      for (let number = 0; number < 10; number++) {
        await (await begun(reader, `tag ${number}`), reader.cache.getOrSet('known', () => 1, { tags: ['t'] }))
        const lead = await begun(reader, `asked ${number}`)
        await writer.cache.invalidate('t')
        const moved = await reader.engine.move(lead, `found ${number}`)
        await reader.engine.keep(moved ?? lead, keepable('old'), POLICY)
        for (const key of ['asked', 'found']) expect(await writer.cache.get(`${key} ${number}`)).to.equal(undefined)
      }
    })
  }

  it('is not kept there if the store has lost its memory between', async () => {
    const world = open()
    const reader = await world.member({ near: false, leaseMs: 200 })
    const writer = await world.member({ leaseMs: 200 })
    for (let number = 0; number < 10; number++) await writer.cache.invalidate('t')
    const lead = await begun(reader, 'asked')
    await writer.cache.invalidate('t')
    await world.forget()
    const moved = await reader.engine.move(lead, 'found')
    await reader.engine.keep(moved ?? lead, keepable('old'), POLICY)
    for (const key of ['asked', 'found']) expect(await writer.cache.get(key)).to.equal(undefined)
  })
})
