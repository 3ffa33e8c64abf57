import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createCache, type Target } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { inside } from '../../lib/caches/cache.js'
import type { Purge } from '../../lib/journal/purge.js'
import type { ReadRecord, WriteRecord } from './history.js'
import { MANNERS, type Manner, type Use } from './manners.js'
import { seeded } from './random.js'
import { openRows } from './rows.js'

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
  readonly manner: Manner
}

/** What a worker reports when it has done, and has been told that it is enough. */
export interface Report {
  /** Of a read that brought several rows, one for each. */
  readonly reads: readonly ReadRecord[]
  readonly writes: readonly WriteRecord[]
  readonly counts: { readonly reads: number; readonly hits: number; readonly writes: number; readonly rejected: number }
}

const orphaned = () => process.exit(1)
process.once('disconnect', orphaned)

const orders = JSON.parse(process.env['ORDERS'] ?? '{}') as Orders
const rows = await openRows(orders.database)
const client = new Redis(orders.redisUrl, { maxRetriesPerRequest: 1, retryStrategy: () => 50 })
client.on('error', () => {})
// Whatever goes wrong before.
await new Promise<void>(resolve => client.once('ready', () => resolve()))
const { prefix, shards } = orders
const cache = createCache({ store: redisStore({ client, prefix, shards, ...(orders.near ? {} : { near: false }) }) })
const { engine } = inside(cache)
const use: Use = MANNERS[orders.manner](cache)

const random = seeded(orders.seed)
const below = (end: number) => Math.floor(random() * end)
/** One clock for all processes of the machine, ms. */
const now = () => Number(process.hrtime.bigint()) / 1e6

const reads: ReadRecord[] = []
const writes: WriteRecord[] = []
const counts = { reads: 0, hits: 0, writes: 0, rejected: 0 }

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
  for (const [id, version] of versions) reads.push({ row: ofPage ? inPages(id) : id, version, startedAt, from: course.from })
  counts.reads++
  if (course.from === 'cache') counts.hits++
}

async function row(id: number, course: Course): Promise<readonly [number, number]> {
  const load = async () => {
    course.from = 'origin'
    const version = rows.versionOf(id)
    await busy()
    return version
  }
  return [id, await use.value(`row:${id}`, load, [`row:${id}`, 'rows'])]
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
  return use.value(`page:${number}`, load)
}

/** The time a real handler takes after it has asked its database: the window in which a purge can be lost. */
async function busy(): Promise<void> {
  if (random() < 0.5) await wait(random() * 8)
}

async function write(): Promise<void> {
  const id = below(orders.rows)
  if (orders.dying && random() < 0.2) return writeAnnounced(id)
  const version = rows.next(id)
  const committedAt = now()
  const byKey = random() < 0.3
  const targets: readonly Target[] = byKey ? [{ key: `row:${id}` }, { prefix: `row:${id}` }, { pattern: `*:${id}` }] : [`row:${id}`, 'rows']
  const target = targets[random() < 0.7 ? 0 : below(targets.length)] ?? 'rows'
  await untilItIsSo(() => use.purge(target))
  written({ row: id, version, committedAt, resolvedAt: now() }, byKey)
}

/** An intent, a COMMIT, and the purge that withdraws the intent; or a death before that, upon which the write is due all the same. */
async function writeAnnounced(id: number): Promise<void> {
  const purges: readonly Purge[] = [{ kind: 'tag', name: `row:${id}`, soft: false, at: Date.now() }]
  for (;;) {
    const intent = await untilItIsSo(() => engine.intend(purges))
    const version = rows.nextIf(id, () => intent?.stands() !== false)
    if (version === undefined) continue
    const committedAt = now()
    if (random() < 0.5) return written({ row: id, version, committedAt, resolvedAt: committedAt + DUE_MS })
    await untilItIsSo(() => engine.purge(purges, { wait: true, intent }))
    return written({ row: id, version, committedAt, resolvedAt: now() })
  }
}

/** What was rejected may have taken effect, or not: it is said again. */
async function untilItIsSo<T>(say: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await say()
    } catch {
      counts.rejected++
      await wait(20)
    }
  }
}

/** A purge by key is a promise about the row where it is asked for alone, one by tag also about the pages that it is a part of. */
function written(record: WriteRecord, byKey = false): void {
  writes.push(record)
  if (!byKey) writes.push({ ...record, row: inPages(record.row) })
  counts.writes++
}

/** In the history, a row in pages counts as another row. */
function inPages(id: number): number {
  return orders.rows + id
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
}

const [READERS, WRITERS] = [8, 2]
const share = (count: number, among: number) => Array.from({ length: among }, () => Math.ceil(count / among))
const reading = share(orders.reads, READERS).map(keepReading)
await Promise.all(share(orders.writes, WRITERS).map(keepWriting))
if (orders.dying) await wait(DUE_MS)
writing = false
await Promise.all(reading)
process.send?.({ reads, writes, counts } satisfies Report, () => {
  void cache.close().then(() => {
    client.disconnect()
    rows.close()
    process.off('disconnect', orphaned)
    process.disconnect()
  })
})
