import { createServer } from 'node:http'
import { cacheQueries } from 'smart-cache/knex'
import { openAnalytics } from './analytics/open-analytics.js'
import { openDatabase } from './database/open-database.js'
import { expressApp } from './express.js'
import { koaApp } from './koa.js'
import { close, listen } from './listen.js'
import { openCache } from './open-cache.js'
import type { Options } from './options.js'
import { answeredBy } from './processes/answered-by.js'
import { thisProcess } from './processes/this-process.js'
import { routes } from './routes.js'
import { stopped } from './stopped.js'
import { Tokens } from './visitors/tokens.js'

/** With several processes, how long a connection may idle, ms: a visitor's next click comes on a new one, and so to another process. */
const IDLE_MS = 1_000

export interface Serving {
  readonly signal: AbortSignal
  readonly onListening?: (port: number) => void
}

/** Serves until somebody stops it, and leaves nothing open. */
export async function serve(
  { framework, port, database, redis, processes, byHand, secret }: Options,
  { signal, onListening }: Serving,
): Promise<void> {
  const opened = await openDatabase(database)
  const { cache, close: closeCache } = await openCache(database, redis)
  const closeAnalytics = await openAnalytics(cache, database)
  const db = byHand ? opened : cacheQueries(opened, cache, { tables: { cities: { ttl: '1d', rowsBy: ['id', 'country'] } } })
  try {
    const app = (framework === 'Koa' ? koaApp : expressApp)(routes(db, cache, { byHand }), cache, new Tokens(secret))
    const server =
      thisProcess === undefined
        ? createServer(app)
        : createServer({ keepAliveTimeout: IDLE_MS }, answeredBy(`${thisProcess} of ${processes}`, app))
    const listening = await listen(server, port)
    onListening?.(listening)
    await stopped(signal)
    await close(server)
  } finally {
    await closeAnalytics()
    await closeCache()
    await db.destroy()
  }
}
