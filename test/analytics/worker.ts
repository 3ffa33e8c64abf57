import knex, { type Knex } from 'knex'
import { createCache } from 'smart-cache'
import { analytics } from 'smart-cache/knex'
import { fakeClock } from 'smart-cache/testing'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import { seeded } from '../coherence/random.js'
import { Deeds } from './deeds.js'

/** What a process is told to do: to use a cache so often, and to write down what it did. */
export interface Task {
  readonly config: Knex.Config
  readonly requests: number
  readonly seed: number
}

const { config, requests, seed } = JSON.parse(process.argv[2] ?? '') as Task
const client = config.client === 'sqlite' ? await SqliteDialect.load() : config.client
const quiet = () => undefined
const db = knex({ ...config, ...(client === undefined ? {} : { client }), log: { warn: quiet, error: quiet } })
const clock = fakeClock(Date.now())
const cache = createCache({ clock })
const stats = analytics({ knex: db, cache, flushEvery: 100, limits: { buffer: 1_000_000 } })
const deeds = new Deeds(cache, clock, seeded(seed))
let done = 0
for (let turn = 1; done < requests; turn++) {
  done += await deeds.one()
  // Whatever writes meanwhile is to have its turn.
  if (turn % 50 === 0) await new Promise(resolve => setTimeout(resolve, 1))
}
const written = await stats.close({ within: '60s' })
await cache.close()
await db.destroy()
process.stdout.write(JSON.stringify({ truth: deeds.truth, done, written, dropped: stats.health.dropped }))
