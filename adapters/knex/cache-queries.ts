import type { Knex } from 'knex'
import { checkedCache, inside, type Cache } from '../../lib/caches/cache.js'
import { keepsQueries } from '../../lib/cache/kept-queries.js'
import { ConfigError, shown } from '../../lib/errors.js'
import { checkedOptions } from '../../lib/options.js'
import type { RowChange } from '../../lib/queries/changes.js'
import type { Inventory } from '../../lib/queries/catalog.js'
import { Queries } from '../../lib/queries/queries.js'
import { Retentions } from '../../lib/queries/retention.js'
import type { Dialect } from '../../lib/queries/tokens.js'
import { databaseName } from './database-name.js'
import { hookInto, isHooked } from './hooked-client.js'
import { takeInventory } from './inventory/take-inventory.js'
import { Listening } from './listening.js'
import { TOLD } from './notifications.js'
import { clientOf, type Builder, type Client } from './knex-client.js'
import type { CacheQueriesOptions } from './options.js'
import { rawAnswers } from './raw-answer.js'
import { Reading } from './reading.js'
import { Tracking } from './tracking.js'

/**
 * Lets queries be answered from the cache, and purges what is written, through this knex. Changes the knex it is given, and returns it.
 * What is read through it is kept until a committed write through it, in any process, may have changed it; the write or the transaction resolves
 * after the purge. What is written past it, by another program or by the driver, is not noticed.
 * @throws {ConfigError} for an option that cannot be, and for a database other than SQLite, PostgreSQL, MySQL and MariaDB
 * @example
 * const db = cacheQueries(knex(config), createCache())
 */
export function cacheQueries<K extends Knex>(knex: K, cache: Cache, options?: CacheQueriesOptions): K {
  const given = checkedOptions(options, 'cacheQueries()', ['tables', 'default', 'touches', 'database', 'listen'])
  const client = checkedClient(knex)
  checkedCache(cache)
  const dialect = dialectOf(client)
  const listens = checkedListen(given['listen'], dialect)
  let listening: Listening | undefined
  const retentions = new Retentions(given['tables'], given['default'])
  const database = databaseName(client, dialect, given['database'])
  const signals = {
    heard: () => cache.signals.heard,
    raise: (model: string, { kind, before, after }: RowChange) => cache.signals[kind](model, { before, after }),
  }
  const queries = new Queries(inside(cache), { dialect, database, retentions, touches: checkedTouches(given['touches']), signals })
  const takeOn = (asking: Client, connection: object): Promise<Inventory> => takeInventory(asking, connection, dialect)
  cache.signals.heldBy(raise => queries.hold(raise))
  let taking: { readonly revision: number; readonly inventory: Promise<Inventory> } | undefined
  const take = (asking: Client): Promise<Inventory> => {
    const { revision } = queries.statements
    // One that began before something has changed may not know of it.
    if (taking?.revision === revision) return taking.inventory
    const inventory = onConnection(asking, connection => takeOn(asking, connection)).finally(() => {
      if (taking?.revision === revision) taking = undefined
    })
    taking = { revision, inventory }
    return inventory
  }
  const reading = new Reading(queries, rawAnswers(dialect, client.driver), take)
  const space = inside(cache)
  keepsQueries(space.engine, {
    prefix: space.prefix,
    registered: () => queries.registered(),
    explain: query => (isQueryOf(client, query) ? reading.explain(query.client, query) : undefined),
  })
  hookInto(client, {
    queries,
    takeOn,
    tracking: new Tracking(queries, dialect, takeOn),
    setUp: listens ? TOLD : undefined,
    end: async () => listening?.stop(),
    signalled: () => cache.signals.heard,
    reading,
  })
  if (listens) {
    queries.turnDeaf()
    listening = new Listening(client, {
      begun: () => queries.heardAgain(),
      written: table => queries.writtenElsewhere(table),
      lost: () => queries.turnDeaf(),
      failed: error => space.engine.announce.error('load', '', error),
    })
  }
  return knex
}

function checkedListen(listen: unknown, dialect: Dialect): boolean {
  if (listen === undefined || listen === false) return false
  if (listen !== true) throw new ConfigError(`Expected \`listen\` to be true or false, got ${shown(listen)}`)
  if (dialect !== 'postgresql') throw new ConfigError('Only PostgreSQL tells of what others write: there is no `listen` elsewhere')
  return true
}

/** Clients of transactions are made by the class of the client that they belong to. */
function isQueryOf(client: Client, query: unknown): query is Builder {
  const own = typeof query === 'object' && query !== null && 'client' in query && 'toSQL' in query ? query.client : undefined
  return typeof own === 'object' && own !== null && Object.getPrototypeOf(own) === Object.getPrototypeOf(client)
}

function checkedClient(knex: unknown): Client {
  const client: unknown = typeof knex === 'function' && 'client' in knex ? knex.client : undefined
  if (typeof client !== 'object' || client === null || typeof (client as Client).runner !== 'function') {
    throw new ConfigError(`Expected the first argument of cacheQueries() to be a knex instance, got ${shown(knex)}`)
  }
  const found = clientOf(knex as Knex)
  if (found.transacting === true) throw new ConfigError('cacheQueries() takes the knex itself, not a transaction of it')
  if (isHooked(found)) throw new ConfigError('This knex went through cacheQueries() before')
  return found
}

const DIALECTS: Readonly<Record<string, Dialect>> = { sqlite3: 'sqlite', postgresql: 'postgresql', mysql: 'mysql' }
/** They share the SQL of another, but not its transactions, or not all of what it says of itself. */
const OTHERS = /cockroach|redshift/i

function dialectOf({ dialect = '', driverName = '' }: Client): Dialect {
  const known = DIALECTS[dialect]
  if (known !== undefined && !OTHERS.test(driverName)) return known
  throw new ConfigError(
    `cacheQueries() knows SQLite, PostgreSQL, MySQL and MariaDB, and cannot keep queries on ${shown(driverName || dialect)}: it would not see what is written there`,
  )
}

function checkedTouches(touches: unknown = {}): Readonly<Record<string, readonly string[]>> {
  const lists = typeof touches === 'object' && touches !== null ? Object.values(touches as Readonly<Record<string, unknown>>) : [undefined]
  if (lists.every(list => Array.isArray(list) && list.every(name => typeof name === 'string' && name !== ''))) {
    return touches as Readonly<Record<string, readonly string[]>>
  }
  throw new ConfigError(`Expected \`touches\` to be lists of tables by table, got ${shown(touches)}`)
}

async function onConnection<T>(client: Client, use: (connection: object) => Promise<T>): Promise<T> {
  const connection = await client.acquireConnection()
  try {
    return await use(connection)
  } finally {
    await client.releaseConnection(connection)
  }
}
