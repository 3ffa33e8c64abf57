import { expect } from 'chai'
import { Redis } from 'ioredis'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { until } from '../redis/world.js'
import { CallerProcess, type Leases } from './caller-process.js'

/** Longer than any test: a process that is only slow is not taken for dead. */
const LONG_MS = 600_000

describe('A cold key that four processes ask for at once', () => {
  let redis: TestServer
  let admin: Redis
  let prefix: string
  const started: CallerProcess[] = []

  before(async function () {
    redis = await redisOrSkip(this)
    admin = new Redis(redis.url)
  })

  beforeEach(() => {
    prefix = `cold-${process.pid}-${Math.random().toString(36).slice(2)}`
  })

  afterEach(() => {
    for (const caller of started.splice(0)) caller.kill()
  })

  after(async () => {
    admin?.disconnect()
    await redis?.stop()
  })

  const start = async (count: number, leases: Partial<Leases> = {}): Promise<readonly CallerProcess[]> => {
    const both = { fillMs: LONG_MS, membershipMs: LONG_MS, ...leases }
    const callers = Array.from({ length: count }, () => new CallerProcess(redis.url, prefix, both))
    started.push(...callers)
    await Promise.all(callers.map(caller => caller.says('ready')))
    return callers
  }
  const firstToLoad = (callers: readonly CallerProcess[]) => {
    return Promise.race(callers.map(async caller => (await caller.says('loading'), caller)))
  }
  const ask = async (callers: readonly CallerProcess[], each: number): Promise<CallerProcess> => {
    for (const caller of callers) caller.tell({ ask: each })
    const loading = await firstToLoad(callers)
    // All others have been told that it is being loaded.
    await until(async () => (await admin.scard(`{${prefix}:0}:w:cold`)) === callers.length - 1)
    return loading
  }
  const answersOf = async (callers: readonly CallerProcess[]) => {
    return (await Promise.all(callers.map(caller => caller.says('answered')))).flatMap(({ answers }) => answers)
  }
  const loadsOf = (callers: readonly CallerProcess[]) => callers.map(({ loads }) => loads).filter(loads => loads > 0)

  it('is loaded once for all 1,000 callers', async () => {
    const callers = await start(4)
    const loading = await ask(callers, 250)
    loading.tell({ load: 'loaded' })
    expect(await answersOf(callers)).to.deep.equal(Array.from({ length: 1000 }, () => 'loaded'))
    expect(loadsOf(callers)).to.deep.equal([1])
  })

  it('is loaded by another, once for all, when the process that was loading it is killed', async () => {
    const callers = await start(4, { membershipMs: 3000 })
    const killed = await ask(callers, 250)
    const left = callers.filter(caller => caller !== killed)
    killed.kill()
    // When its membership lease has run out, and not its fill lease.
    const next = await firstToLoad(left)
    next.tell({ load: 'loaded' })
    expect(await answersOf(left)).to.deep.equal(Array.from({ length: 750 }, () => 'loaded'))
    expect(loadsOf(left)).to.deep.equal([1])
  })

  it('is loaded by another when the load takes longer than its lease, and what comes late is not kept', async () => {
    const callers = await start(2, { fillMs: 300 })
    for (const caller of callers) caller.tell({ ask: 1 })
    const slow = await firstToLoad(callers)
    const next = await firstToLoad(callers.filter(caller => caller !== slow))
    slow.tell({ load: 'late' })
    expect(await answersOf([slow])).to.deep.equal(['late'])
    const [reader] = await start(1)
    if (reader === undefined) throw new Error('One was started')
    for (const caller of [reader, next]) caller.tell({ load: 'loaded' })
    reader.tell({ ask: 1 })
    expect(await answersOf([reader, next])).to.deep.equal(['loaded', 'loaded'])
  })
})
