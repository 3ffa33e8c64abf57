import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { loadSqliteDriver } from '../../examples/cities/database/sqlite-driver.js'
import type { ReadRecord, WriteRecord } from './history.js'
import { seeded } from './random.js'

/** What a worker is told to do, as the environment carries it. */
export interface Orders {
  readonly redisUrl: string
  readonly database: string
  readonly prefix: string
  readonly near: boolean
  readonly seed: number
  readonly rows: number
  readonly reads: number
  readonly writes: number
}

/** What a worker reports when it has done. */
export interface Report {
  readonly reads: readonly ReadRecord[]
  readonly writes: readonly WriteRecord[]
  readonly rejected: number
}

const orders = JSON.parse(process.env['ORDERS'] ?? '{}') as Orders
const { DatabaseSync } = await loadSqliteDriver()
const database = new DatabaseSync(orders.database)
database.exec('PRAGMA busy_timeout = 10000; PRAGMA synchronous = OFF')
const select = database.prepare('SELECT version FROM rows WHERE id = ?')
const update = database.prepare('UPDATE rows SET version = version + 1 WHERE id = ? RETURNING version')

const client = new Redis(orders.redisUrl, { maxRetriesPerRequest: 1, retryStrategy: () => 50 })
client.on('error', () => {})
const cache = createCache({ store: redisStore({ client, prefix: orders.prefix, ...(orders.near ? {} : { near: false }) }) })

const random = seeded(orders.seed)
/** One clock for all processes of the machine, ms. */
const now = () => Number(process.hrtime.bigint()) / 1e6
const versionOf = (row: number) => (select.all(row)[0] as { version: number }).version

const report: { reads: ReadRecord[]; writes: WriteRecord[]; rejected: number } = { reads: [], writes: [], rejected: 0 }

async function read(): Promise<void> {
  const row = Math.floor(random() * orders.rows)
  const startedAt = now()
  let from: ReadRecord['from'] = 'cache'
  const load = async () => {
    from = 'origin'
    const version = versionOf(row)
    // The time a real handler takes after it has asked its database: the window in which a purge can be lost.
    if (random() < 0.5) await wait(random() * 8)
    return version
  }
  const version = await cache.getOrSet(`row:${row}`, load, { ttl: '1m', tags: [`row:${row}`, 'rows'] })
  report.reads.push({ row, version, startedAt, endedAt: now(), from })
}

async function write(): Promise<void> {
  const row = Math.floor(random() * orders.rows)
  const { version } = update.all(row)[0] as { version: number }
  const kinds = [`row:${row}`, { key: `row:${row}` }, { prefix: `row:${row}` }, { pattern: `*:${row}` }, 'rows'] as const
  try {
    await cache.invalidate(kinds[random() < 0.6 ? 0 : Math.floor(random() * kinds.length)] ?? 'rows')
    report.writes.push({ row, version, resolvedAt: now() })
  } catch {
    // It promises nothing; but the write has happened, so that it is said again as an application would.
    report.rejected++
  }
}

/** Readers go on for as long as there are writes, so that every write has reads around it. */
let writing = true

async function keepReading(times: number): Promise<void> {
  for (let done = 0; done < times || writing; done++) {
    await read()
    await wait(random() * 3)
  }
}

async function keepWriting(times: number): Promise<void> {
  for (let done = 0; done < times; done++) {
    await write()
    await wait(random() * 12)
  }
  writing = false
}

const READERS = 4
await Promise.all([...Array.from({ length: READERS }, () => keepReading(Math.ceil(orders.reads / READERS))), keepWriting(orders.writes)])
process.send?.(report satisfies Report, () => {
  void cache.close().then(() => {
    client.disconnect()
    database.close()
    process.disconnect()
  })
})
