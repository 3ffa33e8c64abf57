import { expect } from 'chai'
import { createCache, type Cache } from 'smart-cache'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { onRedis } from './on-redis.js'
import { until, type Member } from './world.js'

onRedis('A schedule over Redis', open => {
  it('purges and warms once at each instant, among all processes', async () => {
    const world = open()
    const log: string[] = []
    const processes = await Promise.all([1, 2, 3].map(async name => declared(await world.member(), log, name)))
    await all(processes)
    await until(() => processes.some(({ filled }) => filled > 0))
    for (const hour of [1, 2, 3]) {
      for (const { clock } of processes) clock.advance('1h')
      await until(() => log.length === 2 * hour)
      expect(log.slice(2 * hour - 2).map(entry => entry.replace(/\d/, ''))).to.deep.equal(['purged by ', 'warmed by '])
    }
  })

  it('makes up once for what was due while no process ran', async () => {
    const world = open()
    const log: string[] = []
    const before = declared(await world.member(), log, 1)
    await before.looked(1)
    await until(() => before.filled === 1)
    await before.cache.close()
    const after = await Promise.all([2, 3].map(async name => declared(await world.member(), log, name, '2026-01-01T05:30:00Z')))
    await all(after)
    await until(() => log.length === 2)
    for (const { clock } of after) clock.advance('10s')
    expect(log.map(entry => entry.replace(/\d/, ''))).to.deep.equal(['purged by ', 'warmed by '])
  })

  it('is taken over from a process that died at it', async () => {
    const world = open()
    const log: string[] = []
    const [dying, other] = [await world.member({ fillLeaseMs: 100 }), await world.member()]
    const first = declared(dying, log, 1)
    await until(() => first.filled === 1)
    const second = declared(other, log, 2)
    await second.looked(1)
    const purge = dying.far.holdNext('purge', 'there')
    first.clock.advance('1h')
    await purge.reached
    second.clock.advance('1h')
    await until(async () => {
      second.clock.advance('10s')
      await new Promise(resolve => setTimeout(resolve, 20))
      return log.length === 2
    })
    expect(log).to.deep.equal(['purged by 2', 'warmed by 2'])
    purge.open()
    await until(() => log.length === 3)
    expect(log, 'a purge too many, and no warming').to.deep.equal(['purged by 2', 'warmed by 2', 'purged by 1'])
  })
})

interface Declared {
  readonly cache: Cache
  readonly clock: FakeClock
  readonly filled: number
  /** Once the schedule has looked so often what is to be done. */
  looked(times: number): Promise<void>
}

/** The cache of a process in which the schedule is declared, with a clock of its own. */
function declared(member: Member, log: string[], name: number, at = '2026-01-01T00:30:00Z'): Declared {
  let looks = 0
  let filled = 0
  const store = storeWith(
    inner => ({
      read: async (...given) => {
        const reading = await inner.read(...given)
        looks++
        return reading
      },
      fill: async (...given) => {
        const kept = await inner.fill(...given)
        filled++
        return kept
      },
    }),
    member.store,
  )
  const clock = fakeClock(at)
  const cache = createCache({ store, clock })
  cache.on('purge', () => log.push(`purged by ${name}`))
  cache.schedule({ name: 'prices', cron: '@hourly', invalidate: 'prices', warm: () => log.push(`warmed by ${name}`) })
  return {
    cache,
    clock,
    get filled() {
      return filled
    },
    looked: times => until(() => looks >= times),
  }
}

async function all(processes: readonly Declared[]): Promise<void> {
  await Promise.all(processes.map(({ looked }) => looked(1)))
}
