import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createCache, type Target } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { loadSqliteDriver } from '../../examples/cities/database/sqlite-driver.js'
import { inside } from '../../lib/caches/cache.js'
import type { Purge } from '../../lib/journal/purge.js'
import type { Intent } from '../../lib/stores/store.js'
import type { ReadRecord, WriteRecord } from './history.js'
import { seeded } from './random.js'

/** What a worker is told to do, as the environment carries it. */
export interface Orders {
  readonly redisUrl: string
  readonly database: string
  readonly prefix: string
  readonly near: boolean
  readonly shards: number
  readonly seed: number
  readonly rows: number
  readonly reads: number
  readonly writes: number
  /** Some writers declare an intent, commit, and are never heard of again. */
  readonly dying: boolean
}

/** What a worker reports when it has done, and has been told that it is enough. */
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
const { prefix, shards } = orders
const cache = createCache({ store: redisStore({ client, prefix, shards, ...(orders.near ? {} : { near: false }) }) })
const { engine } = inside(cache)

const random = seeded(orders.seed)
const below = (end: number) => Math.floor(random() * end)
/** One clock for all processes of the machine, ms. */
const now = () => Number(process.hrtime.bigint()) / 1e6
const versionOf = (row: number) => (select.all(row)[0] as { version: number }).version

const report: { reads: ReadRecord[]; writes: WriteRecord[]; rejected: number } = { reads: [], writes: [], rejected: 0 }

/** Versions of rows, in the order in which they were asked for. */
type Versions = readonly (readonly [row: number, version: number])[]

/** Where the answer came from. */
interface Course {
  from: ReadRecord['from']
}

async function read(): Promise<void> {
  const startedAt = now()
  const course: Course = { from: 'cache' }
  const ofPage = random() < 0.3
  const versions = ofPage ? await page(below(PAGES), course) : [await row(below(orders.rows), course)]
  const endedAt = now()
  for (const [id, version] of versions)
    report.reads.push({ row: ofPage ? inPages(id) : id, version, startedAt, endedAt, from: course.from })
}

async function row(id: number, course: Course): Promise<readonly [number, number]> {
  const load = async () => {
    course.from = 'origin'
    const version = versionOf(id)
    await busy()
    return version
  }
  return [id, await cache.getOrSet(`row:${id}`, load, { ttl: '1m', tags: [`row:${id}`, 'rows'] })]
}

/** Made of rows that are cached themselves; it bears their tags only because it reads them. */
async function page(number: number, course: Course): Promise<Versions> {
  const load = async () => {
    course.from = 'origin'
    const versions: (readonly [number, number])[] = []
    for (const part of [0, 1, 2]) {
      versions.push(await row((number * 3 + part) % orders.rows, { from: 'cache' }))
      if (part === 0) await busy()
    }
    return versions
  }
  return cache.getOrSet(`page:${number}`, load, { ttl: '1m' })
}

/** The time a real handler takes after it has asked its database: the window in which a purge can be lost. */
async function busy(): Promise<void> {
  if (random() < 0.5) await wait(random() * 8)
}

async function write(): Promise<void> {
  const id = below(orders.rows)
  try {
    if (orders.dying && random() < 0.2) return await writeAnnounced(id)
    const { version } = update.all(id)[0] as { version: number }
    const byKey = random() < 0.3
    const targets: readonly Target[] = byKey
      ? [{ key: `row:${id}` }, { prefix: `row:${id}` }, { pattern: `*:${id}` }]
      : [`row:${id}`, 'rows']
    await cache.invalidate(targets[random() < 0.7 ? 0 : below(targets.length)] ?? 'rows')
    written(id, version, now(), byKey)
  } catch {
    // It promises nothing; but the write has happened, so that it is said again as an application would.
    report.rejected++
  }
}

/** An intent, a COMMIT, and the purge that withdraws the intent; or a death before that, upon which the write is due all the same. */
async function writeAnnounced(id: number): Promise<void> {
  const purges: readonly Purge[] = [{ kind: 'tag', name: `row:${id}`, soft: false, at: Date.now() }]
  const { intent, version } = await committed(id, purges)
  if (random() < 0.5) return written(id, version, now() + DUE_MS)
  await engine.purge(purges, { wait: true, intent })
  written(id, version, now())
}

/** A purge by key is a promise about the row where it is asked for alone, one by tag also about the pages that it is a part of. */
function written(id: number, version: number, resolvedAt: number, byKey = false): void {
  report.writes.push({ row: id, version, resolvedAt })
  if (!byKey) report.writes.push({ row: inPages(id), version, resolvedAt })
}

/** In the history, a row in pages counts as another row. */
function inPages(id: number): number {
  return orders.rows + id
}

async function committed(id: number, purges: readonly Purge[]): Promise<{ readonly intent: Intent | undefined; readonly version: number }> {
  for (;;) {
    const intent = await engine.intend(purges)
    // Whoever has to wait for the lock finds out how long only afterwards.
    database.exec('BEGIN IMMEDIATE')
    const { version } = update.all(id)[0] as { version: number }
    const stands = intent?.stands() !== false
    database.exec(stands ? 'COMMIT' : 'ROLLBACK')
    if (stands) return { intent, version }
  }
}

/** An intent, a membership lease, and what clocks may differ by. */
const DUE_MS = 5000 + 1000 * 1.1 * 1.1
const PAGES = 7

/** Readers go on for as long as there are writes, and writers until they are told that it is enough. */
let writing = true
let enough = false
process.once('message', () => {
  enough = true
})

async function keepReading(times: number): Promise<void> {
  for (let done = 0; done < times || writing; done++) {
    await read()
    await wait(random() * 3)
  }
}

async function keepWriting(times: number): Promise<void> {
  for (let done = 0; done < times || !enough; done++) {
    await write()
    await wait(random() * 12)
  }
  if (orders.dying) await wait(DUE_MS)
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
