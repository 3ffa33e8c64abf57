import type { Knex } from 'knex'
import { Analytics } from '../../../lib/analytics/analytics.js'
import type { Source } from '../../../lib/analytics/listener.js'
import { RECORDING_OPTIONS, resolveRecording, type RecordingOptions } from '../../../lib/analytics/options.js'
import { checkedCache, inside, type Cache } from '../../../lib/caches/cache.js'
import { ConfigError, shown } from '../../../lib/errors.js'
import { tableTag } from '../../../lib/keys/table.js'
import { checkedOptions } from '../../../lib/options.js'
import { KnexBooks } from './knex-books.js'
import { KnexLedger } from './knex-ledger.js'
import { tablesWith } from './tables.js'

export interface AnalyticsOptions extends RecordingOptions {
  /**
   * The database to write to and to read from: SQLite, PostgreSQL, MySQL or MariaDB. Best one of its own, not what `cacheQueries` returns. It is not
   * destroyed.
   */
  readonly knex: Knex
  /** What is counted, all namespaces of its store. Without it nothing is written, and what others wrote is read. */
  readonly cache?: Cache | undefined
  /**
   * What the names of the tables begin with.
   * @default 'smart_cache_'
   */
  readonly prefix?: string
}

/**
 * Counts what a cache does, and writes it down in a database, from any number of processes. Requests do not wait for it, and do not notice when the
 * database is ill: what has been counted waits, as far as there is room.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind
 * @example
 * const stats = analytics({ knex: knex(config), cache })
 * const { totals, rows } = await stats.report({ days: 7, by: 'route' })
 */
export function analytics(options: AnalyticsOptions): Analytics {
  const {
    knex,
    cache,
    prefix = 'smart_cache_',
    ...recording
  } = checkedOptions(options, 'analytics()', ['knex', 'cache', 'prefix', ...RECORDING_OPTIONS])
  if (typeof knex !== 'function' || typeof (knex as Partial<Knex>).client !== 'object')
    throw new ConfigError(`Expected \`knex\` to be made by knex(), got ${shown(knex)}`)
  if (typeof prefix !== 'string' || !/^[a-z]\w{0,30}$/i.test(prefix))
    throw new ConfigError(`Expected \`prefix\` to be up to 31 letters, digits and "_", got ${shown(prefix)}`)
  const tables = tablesWith(prefix)
  const engine = cache === undefined ? undefined : inside(checkedCache(cache)).engine
  const now = () => engine?.clock.now() ?? Date.now()
  const database = knex as Knex
  const own = new Set(Object.values(tables).map(tableTag))
  const made = new Analytics(new KnexLedger(database, tables), new KnexBooks(database, tables), resolveRecording(recording), now, name =>
    own.has(name),
  )
  if (engine !== undefined) made.listenTo(sourceOf(cache as Cache))
  return made
}

function sourceOf(cache: Cache): Source {
  const { engine } = inside(cache)
  return {
    on: (name, listener) => cache.on(name, listener),
    tellHits: () => engine.tally.tellAll(),
    now: () => engine.clock.now(),
  }
}
