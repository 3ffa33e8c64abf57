import knex, { type Knex } from 'knex'
import { createCache, type Cache, type CacheOptions } from 'smart-cache'
import { analytics, type Analytics, type AnalyticsOptions } from 'smart-cache/knex'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'

/** The tables of analytics. */
export const TABLES = ['rollups', 'reasons', 'entries', 'events', 'batches', 'migrations'].map(name => `smart_cache_${name}`)

/** A cache, and what it does written down in a database in memory. */
export interface Standing {
  readonly db: Knex
  readonly clock: FakeClock
  readonly cache: Cache
  readonly stats: Analytics
  close(): Promise<void>
}

export async function databaseInMemory(): Promise<Knex> {
  const client = await SqliteDialect.load()
  return knex({ client, connection: { filename: ':memory:' }, useNullAsDefault: true, pool: { min: 1, max: 1 } })
}

export async function standing(options: Partial<AnalyticsOptions> = {}, more: CacheOptions = {}): Promise<Standing> {
  const db = await databaseInMemory()
  const clock = fakeClock('2026-01-01T12:00:30Z')
  const cache = createCache({ clock, ...more })
  const stats = analytics({ knex: db, cache, flushEvery: '1h', ...options })
  const close = async () => {
    await stats.close()
    await cache.close()
    await db.destroy()
  }
  return { db, clock, cache, stats, close }
}
