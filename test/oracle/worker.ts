import { appendFileSync } from 'node:fs'
import knex, { type Knex } from 'knex'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { redisStore } from 'smart-cache/redis'
import { seeded } from '../coherence/random.js'
import type { Database } from '../queries/shop.js'
import { failingClient, type Faults } from './failing-client.js'
import { READS, ROWS, TABLES, type Seen } from './reads.js'
import { moveAtOnce, moveLoose, moveTogether } from './writes.js'

/** What a worker is told to do, as the environment carries it. */
export interface Orders {
  readonly dialect: Database['dialect']
  readonly connection: Knex.Config['connection']
  /** Without one, the memory of the process. */
  readonly redis: string | undefined
  /** Are rows told apart? */
  readonly rows: boolean
  readonly reads: number
  /** It goes on at least for so long, ms. */
  readonly lastsMs: number
  /** Which share of what it does is writing. */
  readonly writes: number
  readonly seed: number
  readonly faults: Faults
  /** What is known is written here at once: the worker may die. One JSON line for each. */
  readonly journal: string
}

/** A line of the journal. Instants are of the machine's monotonic clock, ms. */
export type Line =
  | { readonly kind: 'read'; readonly form: number; readonly startedAt: number; readonly seen: readonly Seen[] }
  | { readonly kind: 'write'; readonly ackedAt: number; readonly seen: readonly Seen[] }
  | { readonly kind: 'wrong'; readonly form: number; readonly message: string }
  | { readonly kind: 'done'; readonly hits: number; readonly reads: number; readonly rejected: number }

const LANES = 6

const orders = JSON.parse(process.env['ORDERS'] ?? '{}') as Orders
const random = seeded(orders.seed)
const config = knexConfig()
const plain = knex({ ...config, client: await failingClient(orders.dialect, { lost: 0, unsent: 0, killed: 0, slow: 0 }, random) })
const redis = orders.redis === undefined ? undefined : new Redis(orders.redis)
const cache: Cache = redis === undefined ? createCache() : createCache({ store: redisStore({ client: redis }) })
const rowsBy = { default: { rowsBy: ['id', 'g'] } }
const db = cacheQueries(
  knex({ ...config, client: await failingClient(orders.dialect, orders.faults, random) }),
  cache,
  orders.rows ? rowsBy : {},
)

const counts = { hits: 0, reads: 0, rejected: 0 }
const lines: string[] = []
cache.on('hit', ({ key }) => void (key.startsWith('~query') || key.startsWith('page') ? counts.hits++ : 0))

let turn: Promise<unknown> = Promise.resolve()
await Promise.all(Array.from({ length: LANES }, lane))
note({ kind: 'done', ...counts })
flush()
await Promise.all([db.destroy(), plain.destroy(), cache.close()])
redis?.disconnect()

async function lane(): Promise<void> {
  const until = now() + orders.lastsMs
  while (counts.reads < orders.reads || now() < until) await (random() < orders.writes ? inTurn(write) : read())
}

/** On SQLite one writer waits for another with the whole process. */
function inTurn(work: () => Promise<void>): Promise<void> {
  if (orders.dialect !== 'sqlite') return work()
  const mine = turn.then(work)
  turn = mine
  return mine
}

async function read(): Promise<void> {
  const form = below(READS.length)
  const [one, other] = twoTables()
  const startedAt = now()
  counts.reads++
  try {
    const seen = (await READS[form]?.({ db, cache, one, other, id: below(ROWS + 1) })) ?? []
    note({ kind: 'read', form, startedAt, seen })
  } catch (error) {
    note({ kind: 'wrong', form, message: String(error) })
  }
}

async function write(): Promise<void> {
  const [one, other] = twoTables()
  try {
    const together = random() < 0.5 ? [one, other] : [one]
    const seen = await move(one, together)
    note({ kind: 'write', ackedAt: now(), seen })
    if (orders.faults.killed > 0) flush()
  } catch {
    // It may have been written, or not: nobody was told that it was.
    counts.rejected++
  }
}

function move(one: string, together: readonly string[]): Promise<readonly Seen[]> {
  if (random() < 0.3) return moveLoose(db, plain, random)
  return random() < 0.3 ? moveAtOnce(db, plain, one) : moveTogether(db, together, random)
}

function twoTables(): readonly [string, string] {
  const one = below(TABLES.length)
  return [TABLES[one] ?? 'a', TABLES[(one + 1 + below(TABLES.length - 1)) % TABLES.length] ?? 'b']
}

function below(end: number): number {
  return Math.floor(random() * end)
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function note(line: Line): void {
  lines.push(JSON.stringify(line))
  if (lines.length > 1_000) flush()
}

function flush(): void {
  if (lines.length > 0) appendFileSync(orders.journal, `${lines.join('\n')}\n`)
  lines.length = 0
}

function knexConfig(): Knex.Config {
  const setUp = (connection: { exec(sql: string): void }, done: (error: Error | undefined, connection: unknown) => void) => {
    connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    done(undefined, connection)
  }
  const pool = orders.dialect === 'sqlite' ? { min: 0, max: 4, afterCreate: setUp } : { min: 0, max: 8 }
  return { connection: orders.connection ?? {}, useNullAsDefault: true, pool, log: { warn: () => undefined, error: () => undefined } }
}
