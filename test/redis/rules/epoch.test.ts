import { expect } from 'chai'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { until, type World } from '../world.js'
import { POLICY } from './purges.js'

/** Two members, in a store whose position is beyond any that it will have in its next life. */
async function membersOf(world: World, near: boolean, leaseMs = 300) {
  const [reader, writer] = [await world.member({ near, leaseMs }), await world.member({ near, leaseMs })]
  for (let number = 0; number < 20; number++) await writer.cache.invalidate('t')
  return { reader, writer }
}

onRedis('Rule 8, epoch: of another life of the store', open => {
  for (const [where, near] of NEAR) {
    it(`a fill does not count (${where})`, async () => {
      const world = open()
      const { reader, writer } = await membersOf(world, near)
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await world.forget('meta')
      await writer.cache.invalidate('t')
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
      for (const { cache } of [reader, writer]) expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })

    it(`a kept entry does not count (${where})`, async () => {
      const world = open()
      const { reader, writer } = await membersOf(world, near)
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      await world.forget('meta')
      await writer.cache.invalidate('t')
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
      for (const { cache } of [reader, writer]) expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })
  }

  it('an entry in a near tier does not count, once the store has been heard of', async () => {
    const world = open()
    const { reader, writer } = await membersOf(world, true)
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    await world.forget()
    await writer.cache.invalidate('t')
    await until(() => reader.store.upToDate('k'))
    expect(reader.store.peek('k')).to.equal(undefined)
    expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
  })

  it('an answer that comes late does not enter the near tier', async () => {
    const world = open()
    const { reader, writer } = await membersOf(world, true)
    expect(await writer.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    const reading = reader.far.holdNext('read', 'back')
    const before = reader.cache.getOrSet('k', () => 'loaded', POLICY)
    await reading.reached
    await world.forget()
    await writer.cache.invalidate('t')
    await until(() => reader.store.upToDate('k'))
    reading.open()
    expect(await before).to.equal('v1')
    await until(() => reader.store.upToDate('k'))
    expect(reader.store.peek('k')).to.equal(undefined)
    expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
  })

  it('an acknowledgement does not count', async () => {
    const world = open()
    const { reader, writer } = await membersOf(world, true, 600)
    await world.forget()
    await writer.cache.invalidate('other')
    // Both know the new life of the store, and it has lasted for long.
    await world.age()
    for (;;) {
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const { news, renewals } = await reader.deafen()
      if (reader.store.peek('k') !== undefined) break
      news.open()
      renewals.open()
    }
    await writer.cache.invalidate('t')
    expect(reader.store.peek('k')).to.equal(undefined)
  })

  it('a purge is said again', async () => {
    const world = open()
    const { reader, writer } = await membersOf(world, true)
    await reader.deafen()
    const { resolved } = await writer.purge('t')
    await world.forget()
    await resolved
    expect(await world.admin.get(world.named('t:t'))).to.contain((await world.admin.hget(world.named('meta'), 'epoch')) ?? '')
  })

  it('a renewal that comes late brings no lease', async () => {
    const world = open()
    const reader = await world.member({ leaseMs: 2000 })
    const writer = await world.member({ leaseMs: 200 })
    await reader.cache.getOrSet('k', () => 'v1', POLICY)
    const renewal = reader.far.hold('renew', 'back')
    await renewal.reached
    await world.forget()
    // The record of this makes the reader see that the store has lost its memory.
    await writer.cache.invalidate('other', { wait: false })
    await until(() => !reader.store.upToDate('k'))
    const next = reader.far.hold('renew', 'there')
    renewal.open()
    await next.reached
    expect(reader.store.upToDate('k')).to.equal(false)
    next.open()
    await until(() => reader.store.upToDate('k'))
    expect(reader.store.peek('k')).to.equal(undefined)
  })
})
