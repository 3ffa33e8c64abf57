import type { Cache } from 'smart-cache'
import { analytics } from 'smart-cache/knex'
import { openDatabase } from '../database/open-database.js'
import { analyticsFile } from './analytics-file.js'

/** This process waits no longer than this for another that is writing, ms: while it waits for SQLite, it answers nobody. */
const PATIENCE_MS = 20

/** Counts what the cache does, for `npx smart-cache analytics` in this folder. @returns what ends it when all is written */
export async function openAnalytics(cache: Cache, database: string): Promise<() => Promise<void>> {
  const db = await openDatabase(analyticsFile(database))
  await db.raw(`PRAGMA busy_timeout = ${PATIENCE_MS}`)
  const stats = analytics({ knex: db, cache })
  return async () => {
    await stats.close()
    await db.destroy()
  }
}
