import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadSqliteDriver } from '../../examples/cities/database/sqlite-driver.js'
import { startFaultProxy } from '../proxy/fault-proxy.js'
import { faults, type Harms } from './faults.js'
import { violations, type Violation } from './history.js'
import { seeded } from './random.js'
import type { Orders, Report } from './worker.js'

export interface TrialOptions {
  readonly redisUrl: string
  readonly processes: number
  readonly near: boolean
  /** @default 1 */
  readonly shards?: number
  readonly seed: number
  /** In all processes together. */
  readonly reads: number
  readonly writes: number
  /** Passing ones: stopped processes, cut and silent connections. All: evicted keys and an emptied store, too. Needs a Redis of its own. */
  readonly harms: Harms
  /**
   * Some writers die between COMMIT and purge. Not with all harms: nothing can be promised if the store loses everything as well.
   * @default false
   */
  readonly dying?: boolean
}

export interface Outcome {
  readonly reads: number
  readonly hits: number
  readonly writes: number
  readonly rejected: number
  readonly ms: number
  /** How often each harm was done. */
  readonly faults: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
}

const ROWS = 20
const worker = new URL('worker.js', import.meta.url).pathname

/** Lets several processes read and write the same rows of a real database through caches over one Redis, and checks the history. */
export async function trial(options: TrialOptions): Promise<Outcome> {
  const { redisUrl, processes, near, shards = 1, seed, reads, writes, harms, dying = false } = options
  const startedAt = performance.now()
  const folder = mkdtempSync(path.join(tmpdir(), 'smart-cache-coherence-'))
  const database = path.join(folder, 'rows.sqlite')
  const prefix = `trial-${process.pid}-${seed}-${processes}-${near ? 'near' : 'far'}-${Date.now()}`
  await createRows(database)
  const ended = new AbortController()
  const proxy = await startFaultProxy({ port: Number(new URL(redisUrl).port || 6379), host: new URL(redisUrl).hostname })
  const throughProxy = redisUrl.replace(new URL(redisUrl).host, `127.0.0.1:${proxy.port}`)
  try {
    const workers = Array.from({ length: processes }, (_, index) => {
      const orders: Orders = {
        ...{ redisUrl: throughProxy, database, prefix, near, shards, dying, seed: seed * 1000 + index, rows: ROWS },
        ...{ reads: Math.ceil(reads / processes), writes: Math.ceil(writes / processes) },
      }
      return fork(worker, { env: { ...process.env, ORDERS: JSON.stringify(orders) } })
    })
    const enough = () => {
      for (const child of workers) child.send('enough')
    }
    const harm = faults(harms, { workers, prefix, proxy, random: seeded(seed) }, redisUrl, ended.signal, enough)
    const reports = await Promise.all(workers.map(reportOf))
    ended.abort()
    const allReads = reports.flatMap(report => report.reads)
    const allWrites = reports.flatMap(report => report.writes)
    return {
      reads: allReads.length,
      hits: allReads.filter(read => read.from === 'cache').length,
      writes: allWrites.length,
      rejected: reports.reduce((sum, report) => sum + report.rejected, 0),
      ms: performance.now() - startedAt,
      faults: await harm,
      violations: violations(allReads, allWrites),
    }
  } finally {
    ended.abort()
    await proxy.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function reportOf(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as Report))
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`A worker ended with code ${code} before it had reported`)))
  })
}

async function createRows(file: string): Promise<void> {
  const { DatabaseSync } = await loadSqliteDriver()
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE rows (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)')
  for (let id = 0; id < ROWS; id++) database.prepare('INSERT INTO rows VALUES (?, 1)').run(id)
  database.close()
}
