import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import knex, { type Knex } from 'knex'
import type { Database } from '../queries/shop.js'
import { check, type Outcome } from './check.js'
import type { Patch } from './mutate.js'
import { GROUPS, LOOSE, LOOSE_IDS, ROWS, TABLES, valueAt, type LooseRow, type Seen } from './reads.js'
import type { Line, Orders } from './worker.js'

export interface Trial {
  readonly database: Database
  /** Several share what they keep in the Redis at this address. */
  readonly processes: number
  readonly redis: string | undefined
  readonly reads: number
  readonly seed: number
  /** Are rows told apart? */
  readonly rows: boolean
  /** Some answers are lost, some are slow; of several processes, some die right after a COMMIT. */
  readonly faults: boolean
  /** One process alone writes, until it is killed; the others go on reading for long enough to see what that leaves behind. */
  readonly lastWriter?: boolean
  /** A part of the package that is changed, to see whether that shows. */
  readonly mutant?: Patch | undefined
}

/** What a writer has left behind is gone after this long: its intent, and one membership lease. In one process there is neither. */
const LEFT_BEHIND_MS = { byAnother: 7_500, here: 3_000 }

const LAST_MS = 12_000

const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url))
const MUTATE = new URL('./mutate.js', import.meta.url).href

export async function trial({
  database,
  processes,
  redis,
  reads,
  seed,
  rows,
  faults,
  lastWriter = false,
  mutant,
}: Trial): Promise<Outcome & { readonly died: number }> {
  const { config, drop } = await database.create()
  const plain = knex(config)
  const folder = await mkdtemp(join(tmpdir(), 'smart-cache-oracle-'))
  const over = new AbortController()
  const kinds = { lost: 0.02, unsent: 0.02, slow: 0.3, killed: 0 }
  let died = 0
  const work = async (index: number): Promise<void> => {
    for (let life = 0; ; life++) {
      const orders: Orders = {
        dialect: database.dialect,
        connection: connectionOf(config),
        redis,
        rows,
        reads: Math.ceil(reads / processes),
        lastsMs: lastWriter ? LAST_MS : 0,
        writes: !lastWriter || (index === 0 && life === 0) ? 0.02 : 0,
        seed: seed * 1_000 + index * 100 + life,
        // One of several dies now and then, and is started anew.
        faults: faults
          ? { ...kinds, killed: index === 0 && processes > 1 && life < 3 ? (lastWriter ? 0.2 : 0.02) : 0 }
          : { ...kinds, lost: 0, unsent: 0 },
        journal: join(folder, `${index}-${life}`),
      }
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', ...(mutant === undefined ? [] : ['--import', MUTATE]), WORKER],
        {
          env: { ...process.env, ORDERS: JSON.stringify(orders), MUTANT: JSON.stringify(mutant) },
          stdio: ['ignore', 'inherit', 'inherit'],
        },
      )
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
      if (code === 0) return
      if (signal !== 'SIGKILL') throw new Error(`A worker ended with ${code ?? signal}`)
      died++
    }
  }
  try {
    await stock(plain)
    const watched = watch(plain, processes === 1 ? LEFT_BEHIND_MS.here : LEFT_BEHIND_MS.byAnother, over.signal)
    await Promise.all(Array.from({ length: processes }, (_, index) => work(index)))
    over.abort()
    const lines = await Promise.all((await readdir(folder)).map(async file => linesOf(await readFile(join(folder, file), 'utf8'))))
    return { ...check([...lines.flat(), ...(await watched)]), died }
  } finally {
    over.abort()
    await plain.destroy()
    await Promise.all([drop(), rm(folder, { recursive: true, force: true })])
  }
}

function connectionOf({ connection, client }: Knex.Config): Knex.Config['connection'] {
  if (typeof connection !== 'string') return connection
  const { hostname, port, username, pathname } = new URL(connection)
  return {
    host: hostname,
    port: Number(port),
    user: username,
    database: pathname.slice(1),
    ...(client === 'mysql2' ? { charset: 'utf8mb4' } : {}),
  }
}

async function stock(db: Knex): Promise<void> {
  for (const table of TABLES) {
    await db.schema.createTable(table, columns => {
      columns.integer('id').primary()
      columns.integer('v').notNullable()
    })
    await db(table).insert(Array.from({ length: ROWS + 1 }, (_, id) => ({ id, v: valueAt(0, id) })))
  }
  await db.schema.createTable(LOOSE, columns => {
    columns.integer('id').primary()
    columns.string('g', 10).notNullable()
    columns.integer('v').notNullable()
  })
  await db(LOOSE).insert(LOOSE_IDS.map(id => ({ id, v: 0, g: GROUPS[0] })))
}

/** Whatever stands in the database is due a while later, whether or not anybody was told of it. */
async function watch(plain: Knex, afterMs: number, signal: AbortSignal): Promise<readonly Line[]> {
  const lines: Line[] = []
  while (!signal.aborted) {
    const at = Number(process.hrtime.bigint()) / 1e6
    const seen = await standing(plain).catch(() => [])
    lines.push({ kind: 'write', ackedAt: at + afterMs, seen })
    await wait(200, undefined, { signal }).catch(() => undefined)
  }
  return lines
}

async function standing(plain: Knex): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  for (const table of TABLES) seen.push([table, (await plain(table).where({ id: 0 }).first<{ readonly v: number }>('v')).v])
  for (const { id, v } of await plain<LooseRow>(LOOSE)) seen.push([`${LOOSE} ${id}`, v])
  return seen
}

function linesOf(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter(line => line.endsWith('}'))
    .map(line => JSON.parse(line) as Line)
}
