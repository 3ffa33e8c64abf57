import type { PolicyOptions } from '../../lib/cache/policy.js'
import type { TableOptions } from '../../lib/queries/retention.js'

declare module 'knex' {
  namespace Knex {
    interface QueryBuilder<TRecord extends {}, TResult> {
      /**
       * Keeps the answer, whether or not its tables are registered, with this policy or that of its tables. Queries that lock, that run inside a
       * transaction or on a connection of your own, or whose answer is not made of tables alone, are not kept all the same. Only on a knex
       * that went through `cacheQueries`, as all three.
       */
      cache(policy?: PolicyOptions): Knex.QueryBuilder<TRecord, TResult>
      /** Asks the database, and keeps nothing. */
      noCache(): Knex.QueryBuilder<TRecord, TResult>
      /** Keeps the answer, and no write ends it: it ends with its ttl, or with `cache.invalidate({ table }, { permanent: true })`. */
      permanentCache(policy?: PolicyOptions): Knex.QueryBuilder<TRecord, TResult>
      /**
       * Updates the rows that the query selects, and resolves with what each was and is; in a transaction of its own, unless it is in one. Costs two reads
       * more than `update`. Purges only what was read of these rows, where the table has `rowsBy`, and announces each by `cache.signals`.
       * @throws {ConfigError} for a table without a primary key of one column, and for values that change the key
       */
      trackedUpdate(values: Readonly<Record<string, unknown>>): Promise<readonly { readonly before: TRecord; readonly after: TRecord }[]>
      /** The same for rows that are removed. */
      trackedDelete(): Promise<readonly { readonly before: TRecord; readonly after: undefined }[]>
    }
    interface Raw<TResult> {
      /** As for a query builder. */
      cache(policy?: PolicyOptions): Knex.Raw<TResult>
      /** As for a query builder. */
      noCache(): Knex.Raw<TResult>
      /** As for a query builder. */
      permanentCache(policy?: PolicyOptions): Knex.Raw<TResult>
    }
  }
}

export interface CacheQueriesOptions {
  /**
   * The tables whose queries are kept without being asked to, each with its policy.
   * @default every table, with the policy of `default`
   */
  readonly tables?: Readonly<Record<string, TableOptions>>
  /**
   * The policy of all tables that `tables` does not name.
   * @default none of them is kept, if there is a `tables`; otherwise all, with the policy that everything has
   */
  readonly default?: TableOptions
  /**
   * What the triggers of a table write: `{ orders: ['order_stats'] }`. Only needed for triggers that make their SQL as they run, or are written in
   * another language than SQL: without this a write to their table purges everything.
   * @default {}
   */
  readonly touches?: Readonly<Record<string, readonly string[]>>
  /**
   * A name for the database, by which its queries are told from those of other databases in the same store.
   * @default made from the connection's settings; needed where knex is given those by a function, or is given a pool
   */
  readonly database?: string
  /**
   * On PostgreSQL: hear of what other programs write to the tables that a migration has prepared with `notifyOfWrites`, and purge it. Takes a connection of its
   * own; while that is lost, nothing is answered from what is kept.
   * @default false
   */
  readonly listen?: boolean
}
