import { expect } from 'chai'
import type { Cache } from 'smart-cache'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { POLICY } from './purges.js'

/** What ends the fill lease of `k`, and what is under the key then. */
const ENDS: Readonly<Record<string, readonly [(cache: Cache) => Promise<unknown>, string | undefined]>> = {
  'its key was purged': [cache => cache.invalidate({ key: 'k' }), undefined],
  'its key was purged softly': [cache => cache.invalidate({ key: 'k' }, { soft: true }), undefined],
  'its key was deleted': [cache => cache.delete('k'), undefined],
  'its key was set': [cache => cache.set('k', 'set', POLICY), 'set'],
}

/** Purges that are compared with entries when those are asked for, and not when they are kept. */
const BANS: Readonly<Record<string, (cache: Cache) => Promise<void>>> = {
  'a prefix': cache => cache.invalidate({ prefix: 'k' }),
  'a pattern': cache => cache.invalidate({ pattern: 'k*' }),
  everything: cache => cache.clear(),
}

onRedis('Rule 9: a purge of keys', open => {
  for (const [where, near] of NEAR) {
    for (const [what, [end, left]] of Object.entries(ENDS)) {
      it(`is not lost to a load under way if ${what} (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        await reader.cache.getOrSet('known', () => 1, POLICY)
        const load = heldLoad()
        const before = reader.cache.getOrSet('k', load.loader, POLICY)
        await load.begun
        await end(writer.cache)
        load.answer.open('v1')
        expect(await before).to.equal('v1')
        for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(left)
      })
    }

    for (const [what, ban] of Object.entries(BANS)) {
      it(`by ${what} ends what is older, in every process, and spares what is newer (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near: false, judges: false })]
        expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
        await ban(writer.cache)
        for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
        expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
        await writer.cache.invalidate({ prefix: 'other' })
        for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal('v2')
      })
    }
  }

  it('lets who waits for the load of another process load anew, without waiting for its end', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    const load = heldLoad()
    const before = reader.cache.getOrSet('k', load.loader)
    await load.begun
    await writer.cache.invalidate({ key: 'k' })
    expect(await writer.cache.getOrSet('k', () => 'v2')).to.equal('v2')
    load.answer.open('v1')
    expect(await before).to.equal('v1')
    expect(await reader.cache.get('k')).to.equal('v2')
  })

  it('still counts when there have been more than the store remembers', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false, judges: false }), await world.member({ near: false })]
    expect(await reader.cache.getOrSet('k', () => 'v1')).to.equal('v1')
    await writer.cache.invalidate({ prefix: 'k' })
    for (let number = 0; number < 257; number++) await writer.cache.invalidate({ prefix: `other ${number}` }, { wait: false })
    expect(await reader.cache.get('k')).to.equal(undefined)
  })
})

onRedis('A fill lease', open => {
  it('lasts no longer than its holder is a member, and who waits for it knows', async () => {
    const world = open()
    const holder = await world.member({ leaseMs: 5000, fillLeaseMs: 600_000 })
    const other = await world.member()
    const load = heldLoad()
    const loaded = holder.cache.getOrSet('k', load.loader)
    await load.begun
    const { heldForMs, lease } = await other.far.read('k', Date.now(), true, 0)
    expect(lease).to.equal(undefined)
    expect(heldForMs).to.be.within(1, 5000 * 1.1)
    load.answer.open('v1')
    await loaded
  })
})
