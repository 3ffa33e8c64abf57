import { expect } from 'chai'
import type { Cache } from 'smart-cache'
import { NEAR, onRedis } from '../on-redis.js'
import { until, type World } from '../world.js'
import { POLICY, PURGES } from './purges.js'

/** What ends or changes what lies under the key `k`, and nothing else. */
const CHANGES: Readonly<Record<string, (cache: Cache) => Promise<unknown>>> = {
  purged: cache => cache.invalidate({ key: 'k' }),
  'purged softly': cache => cache.invalidate({ key: 'k' }, { soft: true }),
  deleted: cache => cache.delete('k'),
  set: cache => cache.set('k', 'set', POLICY),
}

/** What lies in Redis under `k`, to be brought back by who got it. */
async function copied(world: World): Promise<() => Promise<unknown>> {
  const name = world.named('e:k')
  const copy = await world.admin.dumpBuffer(name)
  return () => world.admin.restore(name, 0, copy, 'REPLACE')
}

onRedis('What lies in Redis, judged here,', open => {
  for (const [what, purge] of Object.entries(PURGES)) {
    for (const [where, near] of NEAR) {
      it(`is ended by a purge of ${what} that came before the answer (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member()]
        expect(await writer.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
        const finding = reader.far.holdNext('find', 'back')
        const before = reader.cache.get('k')
        await finding.reached
        await purge(writer.cache)
        finding.open()
        expect(await before).to.equal(undefined)
        expect(reader.store.peek('k')).to.equal(undefined)
        expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
      })
    }

    it(`is ended by a purge of ${what}, and loaded anew`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near: false }), await world.member()]
      for (const times of [1, 2]) {
        expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
        expect(reader.far.asked('find')).to.equal(times - 1)
      }
      await purge(writer.cache)
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
      expect(await writer.cache.get('k')).to.equal('v2')
    })
  }

  it('is stale from when it was purged softly', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false }), await world.member()]
    for (const target of ['t', { prefix: 'k' }, { key: 'k' }]) {
      await reader.cache.set('k', 'v1', { ...POLICY, ttl: '1h', grace: '1h' })
      expect(await reader.cache.get('k')).to.equal('v1')
      const now = Date.now()
      await writer.cache.invalidate(target, { soft: true })
      const { entry } = await reader.store.read('k', now, false)
      expect(entry?.value).to.equal('v1')
      expect(entry?.staleAt).to.be.within(now - 1, Date.now())
      expect(await reader.cache.get('k')).to.equal(undefined)
    }
  })

  it('is looked for where something was found before, and nowhere else', async () => {
    const world = open()
    const { cache, far } = await world.member({ near: false })
    const asked = async (work: () => Promise<unknown>) => {
      const before = [far.asked('find'), far.asked('read')] as const
      await work()
      return [far.asked('find') - before[0], far.asked('read') - before[1]]
    }
    const ask = () => cache.getOrSet('k', () => 'v', POLICY)
    expect(await asked(ask), 'never heard of').to.deep.equal([0, 1])
    expect(await asked(ask), 'kept').to.deep.equal([1, 0])
    await cache.delete('k')
    expect(await asked(ask), 'deleted').to.deep.equal([0, 1])
    await cache.invalidate('t')
    expect(await asked(ask), 'there, but no good').to.deep.equal([1, 1])
    expect(await asked(ask), 'kept again').to.deep.equal([1, 0])
  })
})

onRedis('Of an older copy, what', open => {
  for (const [what, change] of Object.entries(CHANGES)) {
    it(`was ${what} since does not come back`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near: false }), await world.member()]
      expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const bringBack = await copied(world)
      await change(writer.cache)
      await bringBack()
      // It has gone on from there, and nobody knows yet.
      await world.admin.hset(world.named('meta'), 'server', 'another')
      expect(reader.store.upToDate('k'), 'its lease holds').to.equal(true)
      expect(await reader.cache.get('k')).to.equal(undefined)
      expect(reader.far.asked('read'), 'it knows by itself').to.equal(1)
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    })
  }
})

onRedis('What lies in Redis is not judged here', open => {
  it('if it is from before what was heard, until a script has found it good', async () => {
    const world = open()
    const writer = await world.member()
    expect(await writer.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    await writer.cache.invalidate('other')
    const { cache, far } = await world.member({ near: false })
    for (const reads of [1, 1]) {
      expect(await cache.get('k')).to.equal('v1')
      expect(far.asked('read')).to.equal(reads)
    }
  })

  it('if it was purged before anything was heard', async () => {
    const world = open()
    const writer = await world.member()
    expect(await writer.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    await writer.cache.invalidate('t')
    const reader = await world.member({ near: false })
    expect(await reader.cache.get('k')).to.equal(undefined)
  })

  it('if it was purged where the journal has a gap', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false, leaseMs: 300 }), await world.member()]
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    const { renewals } = await reader.deafen()
    await writer.cache.invalidate('t')
    await world.forget('j')
    renewals.open()
    await until(() => reader.store.upToDate('k'))
    expect(await reader.cache.get('k')).to.equal(undefined)
  })

  it('if a script has found it good, but no longer fresh', async () => {
    const world = open()
    const writer = await world.member()
    await writer.cache.set('k', 'v1', { ...POLICY, ttl: '1h', grace: '1h' })
    await writer.cache.invalidate('t', { soft: true })
    const { store, cache } = await world.member({ near: false })
    for (const times of [1, 2]) {
      expect((await store.read('k', Date.now(), false)).entry?.value, `${times}`).to.equal('v1')
      expect(await cache.get('k')).to.equal(undefined)
    }
  })

  it('if it is of another life of the store', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false, leaseMs: 300 }), await world.member({ near: false, leaseMs: 300 })]
    // Its position is beyond any of the next life.
    for (let number = 0; number < 20; number++) await writer.cache.invalidate('other')
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    const bringBack = await copied(world)
    await world.forget()
    await writer.cache.invalidate('t')
    await bringBack()
    for (const { cache, store } of [reader, writer]) {
      await until(() => store.upToDate('k'))
      expect(await cache.get('k')).to.equal(undefined)
    }
  })

  it('if nothing has been heard for longer than the lease', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false, leaseMs: 400 }), await world.member()]
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    await reader.deafen()
    await writer.cache.invalidate('t')
    expect(await reader.cache.get('k')).to.equal(undefined)
    expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
  })

  it('if the lease has run out before the answer came', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false, leaseMs: 400 }), await world.member()]
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    const finding = reader.far.holdNext('find', 'back')
    const before = reader.cache.get('k')
    await finding.reached
    await reader.deafen()
    await writer.cache.invalidate('t')
    finding.open()
    expect(await before).to.equal(undefined)
  })
})
