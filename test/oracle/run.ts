import { parseArgs } from 'node:util'
import knex from 'knex'
import { sqlite } from '../queries/sqlite.js'
import type { Database } from '../queries/shop.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgresql } from '../servers/postgresql.js'
import { startOwnRedis } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { createdOn } from '../databases/created-on.js'
import { trial } from './trial.js'

const USAGE = `npm run test:oracle -- [options]
  --database D    'sqlite', 'postgresql' or 'mariadb'                          (all)
  --processes N   1, in the memory of one, or several over a Redis             (1 and 4)
  --reads N       of all processes together, at least                          (100000)
  --seed S        the same choices for the same seed                           (another each time)
Ends with code 1 if anything was read that was older than what had been acknowledged before, or that never was.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    database: { type: 'string' },
    processes: { type: 'string' },
    reads: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
})

const OPEN: Readonly<Record<string, () => Promise<{ readonly database: Database; readonly stop: () => Promise<void> }>>> = {
  sqlite: async () => ({ database: sqlite, stop: async () => undefined }),
  postgresql: () => onServer('PostgreSQL', 'postgresql', 'pg', startPostgresql),
  mariadb: () => onServer('MariaDB', 'mysql', 'mysql2', startMariadb),
}

if (values.help) console.log(USAGE)
else await run()

async function run(): Promise<void> {
  const redis = await startOwnRedis()
  try {
    for (const name of values.database === undefined ? Object.keys(OPEN) : [values.database]) {
      const { database, stop } = (await OPEN[name]?.()) ?? { database: sqlite, stop: async () => undefined }
      try {
        for (const processes of values.processes === undefined ? [1, 4] : [Number(values.processes)]) await one(database, processes, redis)
      } finally {
        await stop()
      }
    }
  } finally {
    await redis.stop()
  }
}

async function one(database: Database, processes: number, redis: TestServer): Promise<void> {
  const seed = Number(values.seed)
  const shared = processes > 1 ? redis.url : undefined
  if (shared !== undefined) await redis.restart()
  const begun = performance.now()
  const { reads, writes, hits, rejected, died, violations } = await trial({
    database,
    processes,
    redis: shared,
    reads: Number(values.reads),
    seed,
    rows: true,
    faults: true,
  })
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0)
  const counted = `${reads} reads, ${((100 * hits) / reads).toFixed(0)} % hits, ${writes} writes acknowledged, ${rejected} rejected, ${died} writers killed`
  console.log(
    `${database.name}, ${processes} ${processes === 1 ? 'process' : 'processes'}, seed ${seed}: ${counted}, ${violations.length} violations, ${seconds} s`,
  )
  for (const violation of violations.slice(0, 10)) console.log(`  ${violation}`)
  if (violations.length > 0 || reads === 0) process.exitCode = 1
}

async function onServer(name: string, dialect: Database['dialect'], client: string, start: () => Promise<TestServer>) {
  const server = await start()
  const admin = knex({ client, connection: server.url, pool: { min: 0, max: 2 } })
  const stop = async () => {
    await admin.destroy()
    await server.stop()
  }
  return { database: createdOn({ name, dialect, client }, () => ({ admin, url: server.url })), stop }
}
