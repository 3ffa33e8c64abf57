import { ConfigError, shown } from '../errors.js'
import type { Engine } from './engine.js'

/** How the queries of a table are kept. */
export interface RegisteredTable {
  /** The name by which its database is told from others. */
  readonly database: string
  /** `'*'` for all that have no line of their own. */
  readonly table: string
  readonly cacheTable: boolean
  readonly cacheQueryset: boolean
  readonly rowsBy: readonly string[]
  /** What its rows are called in signals. */
  readonly model: string
}

/** What would become of a query if it was sent now. Nothing is done, counted or announced for it. */
export interface QueryExplanation {
  readonly sql: string
  readonly outcome: 'hit' | 'stale' | 'miss' | 'bypass'
  /** Why it is not kept, or not asked for; `undefined` for a hit. */
  readonly reason: string | undefined
  /** Without the namespace. */
  readonly key: string | undefined
  /** What it reads from, views and what they are made of included. */
  readonly tables: readonly string[]
  /** The rows that it is known to read, `cities id=7`; `undefined` for all of its tables. */
  readonly rows: readonly string[] | undefined
  /** What is kept. Instants are epoch ms. */
  readonly entry: { readonly createdAt: number; readonly staleAt: number; readonly deleteAt: number; readonly bytes: number } | undefined
}

/** What keeps the queries of one database. */
export interface QueryKeeper {
  readonly prefix: string
  registered(): readonly RegisteredTable[]
  /** `undefined` for what is no query of its own. */
  explain(query: unknown): Promise<QueryExplanation> | undefined
}

const keepers = new WeakMap<Engine, Set<QueryKeeper>>()

/** Says that queries are kept in the engine. */
export function keepsQueries(engine: Engine, keeper: QueryKeeper): void {
  const all = keepers.get(engine) ?? new Set()
  keepers.set(engine, all.add(keeper))
}

/** The queries that are kept in one namespace. */
export class KeptQueries {
  readonly #engine: Engine
  readonly #prefix: string

  /** @internal */
  constructor(engine: Engine, prefix: string) {
    this.#engine = engine
    this.#prefix = prefix
  }

  /** The tables whose queries are kept without being asked to, by every `cacheQueries` of this cache. */
  registered(): readonly RegisteredTable[] {
    return this.#keepers().flatMap(keeper => keeper.registered())
  }

  /**
   * What would become of a query, which is not sent: under which key it is kept, what it reads, why it is not kept. Listeners at `start`, which could add to it, are not called.
   * @throws {ConfigError} for anything but a query of a knex that went through `cacheQueries` with this cache; {StoreError}
   * @example await cache.queries.explain(db('posts').where({ author: 7 }))
   */
  async explain(query: unknown): Promise<QueryExplanation> {
    for (const keeper of this.#keepers()) {
      const explanation = keeper.explain(query)
      if (explanation !== undefined) return explanation
    }
    throw new ConfigError(`Expected a query of a knex whose queries this cache keeps, got ${shown(query)}`)
  }

  #keepers(): readonly QueryKeeper[] {
    return [...(keepers.get(this.#engine) ?? [])].filter(({ prefix }) => prefix === this.#prefix)
  }
}
