import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import knex, { type Knex } from 'knex'
import { createCache } from 'smart-cache'
import { analytics } from 'smart-cache/knex'
import { fakeClock } from 'smart-cache/testing'
import { together, type Expected, type Truth } from './deeds.js'
import type { Task } from './worker.js'

const run = promisify(execFile)
const WORKER = fileURLToPath(new URL('worker.js', import.meta.url))

interface Said {
  readonly truth: Truth
  readonly done: number
  readonly written: boolean
  readonly dropped: number
}

/** Has processes use caches, all of which write to one database, and compares what the report says with what they know. */
export async function groundTruth(config: Knex.Config, worker: Knex.Config, processes: number, requests: number): Promise<number> {
  const said = await Promise.all(
    Array.from({ length: processes }, async (_, at): Promise<Said> => {
      const task: Task = { config: worker, requests: Math.ceil(requests / processes), seed: at + 1 }
      const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', WORKER, JSON.stringify(task)])
      return JSON.parse(stdout) as Said
    }),
  )
  expect(said.map(({ written, dropped }) => [written, dropped])).to.deep.equal(said.map(() => [true, 0]))
  const db = knex(config)
  try {
    const stats = analytics({ knex: db, cache: createCache({ clock: fakeClock(Date.now() + 86_400_000) }) })
    const truth = together(said.map(one => one.truth))
    for (const days of [1.4, 2, 100]) {
      const { totals, rows, reasons } = await stats.report({ days })
      expect(Object.fromEntries(rows.map(row => [row.name, figuresOf(row)]))).to.deep.equal(truth.names)
      expect(Object.fromEntries(reasons.map(({ what, reason, count }) => [`${what} ${reason}`, count]))).to.deep.equal(truth.reasons)
      expect([totals.purges, totals.errors]).to.deep.equal([truth.purges, truth.errors])
      expect(totals.requests).to.equal(said.reduce((sum, { done }) => sum + done, 0))
    }
    await stats.close()
  } finally {
    await db.destroy()
  }
  return said.reduce((sum, { done }) => sum + done, 0)
}

function figuresOf({ hits, stale, misses, collapsed, bypassed, fills, refused, failed, sets, refreshes }: Expected): Expected {
  return { hits, stale, misses, collapsed, bypassed, fills, refused, failed, sets, refreshes }
}
