import { expect } from 'chai'
import type { Target } from 'smart-cache'
import { onRedis } from '../on-redis.js'

/** What Redis may evict, by what its name begins with behind the prefix. */
const FORGOTTEN: Readonly<Record<string, readonly string[]>> = {
  'the epoch and the position': ['meta'],
  members: ['m'],
  'the journal': ['j'],
  bans: ['b'],
  'positions of tags': ['t:*'],
  'fill leases': ['l:*', 'w:*'],
  inboxes: ['i:*'],
  'all but entries': ['meta', 'm', 'j', 'b', 't:*', 'l:*', 'w:*', 'i:*'],
}

/** Without which members are forgotten, too; see `grace.test.ts`. */
const { members: _members, 'the epoch and the position': _epoch, ...OTHERS } = FORGOTTEN

const TARGETS: Readonly<Record<string, Target>> = {
  'a tag': 't',
  'a key': { key: 'k' },
  'a prefix': { prefix: 'k' },
  'a pattern': { pattern: 'k*' },
  everything: 'everything',
}

const POLICY = { tags: ['t'] }

onRedis('Rules 1 and 4: a server that forgets', open => {
  for (const [what, names] of Object.entries(FORGOTTEN)) {
    for (const [whatPurged, target] of Object.entries(TARGETS)) {
      it(`${what} after a purge of ${whatPurged} revives nothing`, async () => {
        const world = open()
        const [writer, near, far, asking] = [
          await world.member(),
          await world.member({ leaseMs: 200 }),
          await world.member({ near: false, leaseMs: 200 }),
          await world.member({ near: false, judges: false, leaseMs: 200 }),
        ]
        for (const { cache } of [near, far, asking]) expect(await cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
        await (target === 'everything' ? writer.cache.clear() : writer.cache.invalidate(target))
        await world.forget(...names)
        for (const { cache } of [asking, far, near]) expect(await cache.get('k')).to.equal(undefined)
        for (const { cache } of [asking, far, near]) expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
      })
    }
  }

  it(`more than it remembers of bans revives nothing`, async () => {
    const world = open()
    const { cache } = await world.member({ near: false, judges: false })
    expect(await cache.getOrSet('k', () => 'v1')).to.equal('v1')
    await cache.invalidate({ prefix: 'k' })
    await world.forget('b')
    await cache.invalidate({ prefix: 'x' })
    expect(await cache.get('k')).to.equal(undefined)
  })

  for (const [what, names] of Object.entries(OTHERS)) {
    it(`${what} does not keep a purge from waiting for those who serve from their near tiers`, async () => {
      const world = open()
      const reader = await world.member({ leaseMs: 400 })
      const writer = await world.member({ leaseMs: 400 })
      await reader.cache.getOrSet('k', () => 'v1', POLICY)
      await reader.deafen()
      await world.forget(...names)
      await writer.cache.invalidate('t')
      expect(reader.store.peek('k')).to.equal(undefined)
    })
  }
})
