import { expect } from 'chai'
import { sampleEntry } from '../../../lib/testing/contract/promised.js'
import { heldLoad } from '../../cache/held-load.js'
import { NEAR, onRedis } from '../on-redis.js'
import type { World } from '../world.js'
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

  for (const [where, near] of NEAR) {
    it(`was not purged if the journal since the load began does not name it, so the fill is accepted (${where})`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near }), await world.member({ near })]
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await writer.cache.invalidate(['another', 'a third'])
      for (const target of ['a fourth', { key: 't' }, { prefix: 't' }, { pattern: 't*' }] as const) await writer.cache.invalidate(target)
      load.answer.open('v1')
      await before
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal('v1')
      await writer.cache.invalidate('t')
      for (const { cache } of [reader, writer]) expect(await cache.get('k')).to.equal(undefined)
    })
  }

  it('is met by several loads at once, and none is refused for another that began later', async () => {
    const world = open()
    const { cache } = await world.member({ near: false })
    const loads = [heldLoad(), heldLoad(), heldLoad()] as const
    const values: Promise<unknown>[] = []
    for (const [number, load] of loads.entries()) {
      values.push(cache.getOrSet(`k${number}`, load.loader, POLICY))
      await load.begun
      await cache.invalidate('another')
    }
    for (const [number, load] of [...loads.entries()].toReversed()) {
      load.answer.open(`v${number}`)
      await values[number]
    }
    for (const number of loads.keys()) expect(await cache.get(`k${number}`)).to.equal(`v${number}`)
  })

  it('keeps the soft purge that is known of it, whatever is refused', async () => {
    const world = open()
    const { cache } = await world.member({ near: false, judges: false })
    const load = heldLoad()
    const before = cache.getOrSet('k', load.loader, POLICY)
    await load.begun
    await cache.invalidate('t')
    await cache.getOrSet('later', () => 'v1', POLICY)
    await cache.invalidate('t', { soft: true })
    load.answer.open('v1')
    await before
    expect(await cache.get('k')).to.equal(undefined)
    expect(await cache.getOrSet('later', () => 'v2', POLICY)).to.equal('v2')
  })

  it('ends entries that carry it, for they cannot be told from purged ones', async () => {
    const world = open()
    const { cache } = await world.member({ near: false, judges: false })
    await cache.getOrSet('k', () => 'v1', POLICY)
    await world.forget('t:t')
    expect(await cache.get('k')).to.equal(undefined)
  })
})

onRedis('Rule 3, gaps: a journal', open => {
  const LOSSES: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
    'that was forgotten': world => world.forget('j'),
    'that was forgotten, and has begun anew,': async world => {
      await world.forget('j')
      await (await world.member()).cache.invalidate('another')
    },
    'in which a record is missing': async world => {
      const [last] = await world.admin.xrevrange(world.named('j'), '+', '-', 'COUNT', 1)
      await (await world.member()).cache.invalidate('another')
      await world.admin.xdel(world.named('j'), last?.[0] ?? '')
    },
    'in which a record is not to be read': async world => (await world.member()).store.put(sampleEntry('half of a pair: \ud83d')),
    'that is no journal any more': async world => {
      await world.forget('j')
      await world.admin.set(world.named('j'), 'something else')
    },
  }
  for (const [what, lose] of Object.entries(LOSSES)) {
    it(`${what} does not say that a tag was not purged since the load began`, async () => {
      const world = open()
      const [reader, writer] = [await world.member({ near: false, judges: false }), await world.member()]
      const errors: unknown[] = []
      reader.cache.on('error', error => errors.push(error))
      await writer.cache.invalidate('another')
      const load = heldLoad()
      const before = reader.cache.getOrSet('k', load.loader, POLICY)
      await load.begun
      await writer.cache.invalidate('t')
      await world.forget('t:t')
      await lose(world)
      load.answer.open('v1')
      expect(await before).to.equal('v1')
      expect(await reader.cache.get('k')).to.equal(undefined)
      expect(errors, 'it is refused').to.deep.equal([])
      expect(await reader.cache.getOrSet('k', () => 'v2', POLICY), 'the tag is known from then on').to.equal('v2')
      expect(await reader.cache.get('k')).to.equal('v2')
    })
  }

  it('is read no further than takes a moment', async () => {
    const world = open()
    const [reader, writer] = [await world.member({ near: false }), await world.member({ near: false })]
    const load = heldLoad()
    const before = reader.cache.getOrSet('k', load.loader, POLICY)
    await load.begun
    await Promise.all(Array.from({ length: 501 }, (_, number) => writer.cache.invalidate(`another ${number}`, { wait: false })))
    load.answer.open('v1')
    expect(await before).to.equal('v1')
    expect(await reader.cache.get('k')).to.equal(undefined)
  })
})
