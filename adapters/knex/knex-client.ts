import type { Knex } from 'knex'
import type { Transform } from 'node:stream'

/** What knex sends: a text, or a compiled statement. */
export type Sent = string | Compiled

export interface Compiled {
  readonly sql: string
  readonly bindings?: readonly unknown[]
  readonly method?: string
  readonly pluck?: unknown
  readonly options?: unknown
  readonly returning?: unknown
  /** How long it may take, ms. */
  readonly timeout?: unknown
  readonly output?: unknown
}

/** A query builder or raw query, as far as it matters here. */
export interface Builder {
  readonly _method?: string
  readonly _connection?: unknown
  readonly _debug?: unknown
  readonly _single?: Record<symbol | string, unknown>
  readonly client: Client
  readonly _events?: { readonly error?: unknown }
  readonly isRawInstance?: boolean
  toSQL(): Compiled | readonly Compiled[]
  emit(event: string, ...args: readonly unknown[]): boolean
  queryContext(): unknown
  clone(): Builder
  clear(what: 'select'): Builder
  select(columns: string): Builder
  from(table: string): Builder
  withSchema(schema: string): Builder
  forUpdate(): Builder
  transacting(trx: { readonly client: Client }): Builder
  whereIn(column: string, values: readonly unknown[]): Builder
  whereRaw(sql: string): Builder
  update(values: Readonly<Record<string, unknown>>): Builder
  del(): Builder
}

export interface Runner {
  readonly connection: object
  run(): Promise<unknown>
  query(statement: Compiled): Promise<unknown>
  queryArray(statements: readonly Compiled[]): Promise<unknown>
  ensureConnection<T>(use: (runner: Runner) => Promise<T>): Promise<T>
}

/** What is run inside a transaction. */
export type Container = (trx: { readonly client: Client }) => unknown

/** The inside of a knex instance: what executes everything, as it has been since knex 3.1. */
export interface Client {
  readonly dialect?: string
  readonly driverName?: string
  readonly config: {
    readonly client?: unknown
    readonly connectionPool?: unknown
    readonly searchPath?: unknown
    readonly connection?: unknown
    readonly postProcessResponse?: unknown
  }
  readonly connectionSettings?: Readonly<Record<string, unknown>>
  readonly driver?: unknown
  /** Absent once knex was destroyed. */
  readonly pool?: unknown
  readonly logger: { debug(message: unknown): void }
  /** It belongs to a transaction. */
  readonly transacting?: boolean
  query(connection: object, sent: Sent): Promise<unknown>
  stream(connection: object, sent: Sent, stream: Transform, options: unknown): Promise<unknown>
  runner(builder: Builder): Runner
  transaction(container: Container, ...more: readonly unknown[]): PromiseLike<unknown>
  queryBuilder(): Builder
  raw(...args: readonly unknown[]): Builder
  processResponse(response: unknown, runner: Runner): unknown
  postProcessResponse(rows: unknown, queryContext: unknown): unknown
  acquireConnection(): Promise<object>
  acquireRawConnection(): Promise<object>
  releaseConnection(connection: object): Promise<void>
  emit(event: string, ...args: readonly unknown[]): boolean
  destroy(...args: readonly unknown[]): Promise<void>
  /** Sends a statement past all that announces it. */
  _query(connection: object, sent: Compiled): Promise<{ readonly response?: unknown }>
}

export type ClientClass = new (config: object) => Client

export function clientOf(knex: Knex): Client {
  return knex.client as Client
}

export function sqlOf(sent: Sent): string {
  return typeof sent === 'string' ? sent : sent.sql
}
