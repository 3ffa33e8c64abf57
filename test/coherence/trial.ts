import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startFaultProxy } from '../proxy/fault-proxy.js'
import type { TestServer } from '../servers/test-server.js'
import { faults, type Harms } from './faults.js'
import { violations, worstStalenessMs, type Violation } from './history.js'
import { seeded } from './random.js'
import type { Manner } from './manners.js'
import { openRows } from './rows.js'
import type { Orders, Report } from './worker.js'

export interface TrialOptions {
  /** One of its own: it is stopped, filled up and emptied. */
  readonly redis: TestServer
  readonly processes: number
  readonly near: boolean
  /** @default 1 */
  readonly shards?: number
  readonly seed: number
  /** At least so many in all processes together. */
  readonly reads: number
  readonly writes: number
  readonly harms: Harms
  /**
   * Some writers die between COMMIT and purge. Not with all harms: nothing can be promised if the store loses everything as well.
   * @default false
   */
  readonly dying?: boolean
  /** @default 'as documented' */
  readonly manner?: Manner
}

export interface Outcome {
  readonly reads: number
  /** Answered without a load of their own. */
  readonly hits: number
  /** After each of which an invalidation has resolved. */
  readonly writes: number
  /** Invalidations that had to be said again. */
  readonly rejected: number
  readonly ms: number
  /** How often each harm was done. */
  readonly faults: Readonly<Record<string, number>>
  readonly worstStalenessMs: number
  readonly violations: readonly Violation[]
}

const ROWS = 20
const worker = new URL('worker.js', import.meta.url)

/** Lets several processes read and write the same rows of a real database through caches over one Redis, and checks the history. */
export async function trial(options: TrialOptions): Promise<Outcome> {
  const { redis, processes, near, shards = 1, seed, reads, writes, harms, dying = false, manner = 'as documented' } = options
  const startedAt = performance.now()
  const folder = mkdtempSync(path.join(tmpdir(), 'smart-cache-coherence-'))
  const database = path.join(folder, 'rows.sqlite')
  const prefix = `trial-${process.pid}-${seed}-${processes}-${near ? 'near' : 'far'}-${Date.now()}`
  const proxy = await startFaultProxy({ port: redis.port })
  const redisUrl = redis.url.replace(new URL(redis.url).host, `127.0.0.1:${proxy.port}`)
  const started: ChildProcess[] = []
  const start = (more: Pick<Orders, 'reads' | 'writes'>): ChildProcess => {
    const number = { seed: seed * 1000 + started.length, rows: ROWS, ...more }
    const orders: Orders = { redisUrl, database, prefix, near, shards, dying, manner, ...number }
    const child = fork(worker, { env: { ...process.env, ORDERS: JSON.stringify(orders) } })
    started.push(child)
    return child
  }
  const ended = new AbortController()
  try {
    const rows = await openRows(database, ROWS)
    rows.close()
    const share = { reads: Math.ceil(reads / processes), writes: Math.ceil(writes / processes) }
    const workers = Array.from({ length: processes }, () => start(share))
    const mortal = () => start({ reads: Number.MAX_SAFE_INTEGER, writes: Number.MAX_SAFE_INTEGER })
    const enough = () => {
      for (const child of workers) child.send('enough')
    }
    const victims = { workers, mortal, prefix, redis, proxy, random: seeded(seed) }
    const [reports, done] = await Promise.all([
      Promise.all(workers.map(reportOf)).finally(() => ended.abort()),
      faults(harms, victims, ended.signal, enough),
    ])
    return { ...counted(reports), ms: performance.now() - startedAt, faults: done }
  } finally {
    ended.abort()
    for (const child of started) if (child.connected) child.kill('SIGKILL')
    await proxy.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function counted(reports: readonly Report[]): Omit<Outcome, 'ms' | 'faults'> {
  const sum = (count: (report: Report) => number) => reports.reduce((total, report) => total + count(report), 0)
  const [reads, writes] = [reports.flatMap(report => report.reads), reports.flatMap(report => report.writes)]
  return {
    reads: sum(({ counts }) => counts.reads),
    hits: sum(({ counts }) => counts.hits),
    writes: sum(({ counts }) => counts.writes),
    rejected: sum(({ counts }) => counts.rejected),
    worstStalenessMs: worstStalenessMs(reads, writes),
    violations: violations(reads, writes),
  }
}

function reportOf(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as Report))
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`A worker ended (${signal ?? code}) before it had reported`)))
  })
}
