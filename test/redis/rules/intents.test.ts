import { performance } from 'node:perf_hooks'
import { expect } from 'chai'
import type { Purge } from '../../../lib/journal/purge.js'
import { gate } from 'smart-cache/testing'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import { until, type Member, type World } from '../world.js'
import { POLICY } from './purges.js'

/** Whatever a write may be announced by, each touches `k`. */
const PURGES: Readonly<Record<string, Purge>> = {
  'a tag': { kind: 'tag', name: 't', soft: false, at: 0 },
  'a key': { kind: 'key', name: 'k', soft: false, at: 0 },
  'a prefix': { kind: 'prefix', name: 'k', soft: false, at: 0 },
  'a pattern': { kind: 'pattern', name: 'k*', soft: false, at: 0 },
  everything: { kind: 'prefix', name: '', soft: false, at: 0 },
}

/** An intent whose writer is never heard of again. */
async function declareAndDie({ far }: Member, purge: Purge): Promise<void> {
  await far.purge([purge], { id: 'of a writer that has died', standsMs: 60_000 })
}

/** All intents run out, at once, and then it is a little later. */
async function runOut(world: World): Promise<void> {
  const end = `
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  for _, id in ipairs(redis.call('ZRANGE', key, 0, -1)) do redis.call('ZADD', key, ARGV[2], id) end
end`
  const time = async () => {
    const [seconds, micros] = await world.admin.time()
    return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000)
  }
  const now = await time()
  await world.admin.eval(end, 0, world.named('o*'), now)
  await until(async () => (await time()) > now + 5)
}

onRedis('Rule 11, intent: a writer that dies between its COMMIT and its purge', open => {
  for (const [where, near] of NEAR) {
    for (const [what, purge] of Object.entries(PURGES)) {
      it(`leaves nothing that was kept before it declared its intent on ${what} (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
        const heard = new Promise(resolve => reader.store.watch({ purged: resolve, evicted: () => undefined }))
        await writer.engine.intend([purge])
        await heard
        for (const { cache } of [reader, writer]) expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
      })
    }
  }
})

onRedis('Rule 11, intentfills: what is loaded while an intent stands', open => {
  for (const [where, near] of NEAR) {
    for (const [what, purge] of Object.entries(PURGES)) {
      it(`on ${what} is given to its callers and kept by nobody (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        await reader.cache.getOrSet('known', () => 1, POLICY)
        const intent = await writer.engine.intend([purge])
        expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
        for (const { cache } of [reader, writer])
          expect(await cache.getOrSet('k', () => 'v2', POLICY), 'its writer has died').to.equal('v2')
        await writer.engine.purge([purge], { wait: true, intent })
        expect(await reader.cache.getOrSet('k', () => 'v3', POLICY)).to.equal('v3')
        for (const { cache } of [reader, writer]) expect(await cache.get('k'), 'the intent is withdrawn').to.equal('v3')
      })

      it(`on ${what} is not kept either once that has run out (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        await reader.cache.getOrSet('known', () => 1, POLICY)
        const load = heldLoad()
        await declareAndDie(writer, purge)
        const before = reader.cache.getOrSet('k', load.loader, POLICY)
        await load.begun
        await runOut(world)
        load.answer.open('v1')
        expect(await before).to.equal('v1')
        for (const { cache } of [reader, writer]) expect(await cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
        for (const { cache } of [reader, writer]) expect(await cache.get('k'), 'fills are kept again').to.equal('v2')
      })

      it(`on ${what} answers nobody who asks once that has run out (${where})`, async () => {
        const world = open()
        const [reader, writer] = [await world.member({ near }), await world.member({ near })]
        const load = heldLoad()
        await declareAndDie(writer, purge)
        const before = reader.cache.getOrSet('k', load.loader, POLICY)
        await load.begun
        await runOut(world)
        const after = reader.cache.getOrSet('k', () => 'v2', POLICY)
        load.answer.open('v1')
        expect(await before).to.equal('v1')
        expect(await after).to.equal('v2')
      })
    }

    it(`is no part of what is kept after that has run out (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near }), await world.member({ near })]
      const part = heldLoad()
      await declareAndDie(writer, { kind: 'tag', name: 't', soft: false, at: 0 })
      const before = reader.cache.getOrSet('part', part.loader, POLICY)
      await part.begun
      await runOut(world)
      const joining = gate()
      const whole = () => reader.cache.getOrSet('whole', () => (joining.open(), reader.cache.getOrSet('part', () => 'v2', POLICY)))
      const made = whole()
      await joining
      part.answer.open('v1')
      expect(await before).to.equal('v1')
      expect(await made).to.equal('v2')
      expect(await whole()).to.equal('v2')
    })
  }

  it('elsewhere is kept', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    await reader.cache.getOrSet('known', () => 1, { tags: ['other'] })
    await writer.engine.intend([{ kind: 'tag', name: 't', soft: false, at: 0 }])
    expect(await reader.cache.getOrSet('k', () => 'v1', { tags: ['other'] })).to.equal('v1')
    for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal('v1')
  })
})

onRedis('Rule 11, intentcheck: an intent', open => {
  const tag: Purge = { kind: 'tag', name: 't', soft: false, at: 0 }

  it('stands for the time of a COMMIT, and no longer than Redis knows of it', async () => {
    const world = open()
    const writer = await world.member()
    // It took long to be written down.
    const writing = writer.far.holdNext('purge', 'back')
    const declared = writer.engine.intend([tag])
    const [declaredAt] = [performance.now(), await writing.reached]
    const [, runsOutAt = '0'] = await world.admin.zrange(world.named('o:t'), 0, -1, 'WITHSCORES')
    const [seconds, micros] = await world.admin.time()
    const knownUntil = performance.now() + Number(runsOutAt) - (Number(seconds) * 1000 + Number(micros) / 1000)
    await until(() => performance.now() > declaredAt + 100)
    writing.open()
    const intent = await declared
    expect(intent?.stands()).to.equal(true)
    expect(stoodUntil(() => intent?.stands() === true)).to.be.within(declaredAt + 2000, knownUntil)
  })

  it('is declared anew by who finds that it may not stand any more', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    const first = await writer.engine.intend([tag])
    expect(at(performance.now() + 60_000, () => first?.stands())).to.equal(false)
    const second = await writer.engine.intend([tag])
    expect(second?.stands()).to.equal(true)
    await reader.cache.getOrSet('k', () => 'v1', POLICY)
    expect(await reader.cache.get('k')).to.equal(undefined)
    for (const intent of [first, second]) await writer.engine.purge([tag], { wait: true, intent })
    expect(await reader.cache.getOrSet('k', () => 'v2', POLICY)).to.equal('v2')
    expect(await reader.cache.get('k')).to.equal('v2')
  })

  /** What is so at another time, on the monotonic clock. */
  function at<T>(instant: number, look: () => T): T {
    const { now } = performance
    performance.now = () => instant
    try {
      return look()
    } finally {
      performance.now = now
    }
  }

  /** The last millisecond of the next minute at which it is so. */
  function stoodUntil(stands: () => boolean): number {
    const from = performance.now()
    for (let ms = 60_000; ms > 0; ms--) if (at(from + ms, stands)) return from + ms
    return from
  }
})
