import type { Entry } from '../entries/entry.js'
import { load } from '../cache/load.js'
import { everyValue } from '../cache/value-policy.js'
import type { QueryExplanation, RegisteredTable } from '../cache/kept-queries.js'
import type { Policy } from '../cache/policy.js'
import type { Space } from '../cache/space.js'
import { Catalog, type Inventory } from './catalog.js'
import type { RowChange } from './changes.js'
import { explainQuery } from './explain-query.js'
import type { Ledger } from './ledger.js'
import { queryKey, type Question } from './query-key.js'
import type { Retentions, Wish } from './retention.js'
import type { Answer, Row } from './row-tags.js'
import { Statements, type Statement } from './statements.js'
import { tell, Warnings } from './telling.js'
import { Terms } from './terms.js'
import { Scope } from '../scope/scope.js'
import { tableTag } from '../keys/table.js'
import { EVERYTHING, SCHEMA } from './tags.js'
import type { Dialect } from './tokens.js'
import { writeOf } from './write-of.js'
import { Writes, type Sending } from './writes.js'

export interface QueriesOptions {
  readonly dialect: Dialect
  /** Tells this database from all others whose queries are kept in the same store. */
  readonly database: string
  readonly retentions: Retentions
  /** What the triggers of tables write. */
  readonly touches: Readonly<Record<string, readonly string[]>>
  readonly signals: Signals
}

/** Where changes of rows are announced. */
export interface Signals {
  /** Does anybody listen? */
  heard(): boolean
  raise(model: string, change: RowChange): Promise<void>
}

/** Asks a database what it consists of, on a connection of the asker's. */
export type TakeInventory = () => Promise<Inventory>

/** A query that is kept, and where. */
export interface Kept {
  readonly key: string
  /** Without the tags of what it reads. */
  readonly policy: Policy
  readonly permanent: boolean
  readonly question: Question
  readonly statement: Statement
}

/** A statement on its way to the database. */
export interface Outgoing<T> {
  /** What is sent: the same object that `Asking` names. */
  readonly sent: unknown
  readonly sql: string
  readonly bindings: readonly unknown[]
  readonly sending: Sending<T>
  readonly take: TakeInventory
  /** Reads what was answered. */
  readonly answerOf: ((result: T) => Answer) | undefined
}

/** Keeps what is read from a database until something writes what it was read from. Knows SQL, and no client. */
export class Queries {
  readonly statements: Statements
  readonly #space: Space
  readonly #options: QueriesOptions
  readonly #writes: Writes
  readonly #terms: Terms
  /** Statements that are sent to be kept: their tags are known already. */
  readonly #loads = new WeakSet<object>()
  /** The rows that statements are about, as they were. */
  readonly #before = new WeakMap<object, readonly Row[]>()
  readonly #warnings = new Warnings()
  #unwatch: (() => void) | undefined
  /** What others write is heard of, but not just now. */
  #deaf = false

  constructor(space: Space, options: QueriesOptions) {
    const { engine, prefix } = space
    this.#space = space
    this.#options = options
    this.statements = new Statements(
      options.dialect,
      () => engine.clock.monotonic(),
      table => options.retentions.of(table)?.rowsBy ?? [],
    )
    this.#terms = new Terms(space, options.retentions)
    this.#writes = new Writes(engine, prefix, options.dialect, () => this.statements.revision)
  }

  /** Listens to changes of the schema that others make, from now on. What is known from before may be wrong. */
  open(): void {
    if (this.#unwatch !== undefined) return
    this.statements.outdate()
    const schema = this.#space.prefix + SCHEMA
    this.#unwatch = this.#space.engine.store.watch({
      purged: ({ kind, name }) => {
        if (name === schema || (kind === 'prefix' && schema.startsWith(name))) this.statements.outdate()
      },
      evicted: () => undefined,
    })
  }

  close(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
    // Whoever goes on after this hears of changes anew.
    this.statements.outdate()
  }

  /** Runs what belongs to the transaction that is open on the connection. */
  inside<T>(connection: object, work: () => T): T {
    return this.#writes.inside(connection, work)
  }

  /** Keeps what is to be said for the commit of the transaction that the code belongs to. @returns whether there is one */
  hold(held: () => Promise<void>): boolean {
    return this.#writes.hold(held)
  }

  /** What is known of the statement; asks the database if need be. */
  async know(sql: string, take: TakeInventory): Promise<Statement> {
    this.open()
    const known = this.statements.read(sql)
    if (known !== undefined) return known
    await this.#learn(take)
    return this.statements.read(sql) ?? this.statements.guess(sql)
  }

  /** Where the answer to the question is kept, if it is; or why not. */
  place(question: Question, statement: Statement, wish: Wish | undefined): Kept | { readonly reason: string } {
    const place = this.#find(question, statement, wish)
    if ('reason' in place) tell('bypass', question.sql, () => `(${place.reason}) `)
    return place
  }

  /** What would become of the question. @throws {StoreError} */
  explain(question: Question, statement: Statement, wish: Wish | undefined): Promise<QueryExplanation> {
    return explainQuery(this.#space.engine, this.#find(question, statement, wish), question, statement)
  }

  /** From now on, until `heardAgain`, others may write unheard. */
  turnDeaf(): void {
    this.#deaf = true
  }

  /** Others are heard from now on: of what they wrote before, nothing is known. @throws {StoreError} */
  async heardAgain(): Promise<void> {
    await this.#writes.purge(new Set(EVERYTHING))
    this.#deaf = false
  }

  /** Somebody has written to the table, not through this. @throws {StoreError} */
  async writtenElsewhere(table: string): Promise<void> {
    await this.#writes.purge(new Set(table === '' ? EVERYTHING : [tableTag(table)]))
  }

  /** How tables are kept. */
  registered(): readonly RegisteredTable[] {
    const { database, retentions } = this.#options
    return retentions.lines.map(([table, { table: cacheTable, queries: cacheQueryset, rowsBy, model = table }]) => {
      return { database, table, cacheTable, cacheQueryset, rowsBy, model }
    })
  }

  #find(question: Question, statement: Statement, wish: Wish | undefined): Kept | { readonly reason: string } {
    const terms = this.#terms.of(statement, wish)
    if (!terms.kept) return terms
    if (this.#deaf) return { reason: 'what others write is not heard of just now' }
    const found = queryKey(this.#options.database, question)
    if ('reason' in found) return found
    const { policy, permanent } = terms
    return {
      key: `${this.#space.prefix}${permanent ? `${found.key} permanent` : found.key}`,
      policy,
      permanent,
      question,
      statement,
    }
  }

  /** A kept answer, if it is at hand. Who hands it out hands out a copy. */
  atHand({ key, question }: Kept): Entry | undefined {
    const entry = this.#space.engine.hit(key)
    if (entry !== undefined) tell('hit', question.sql)
    return entry
  }

  /**
   * A kept answer, or what `ask` brings, kept. Who hands it out hands out a copy.
   * @param ask sends the statement, which it names by `asking`, and resolves with the rows
   * @param asksMore whether it may read through the cache meanwhile, perhaps the same
   * @throws what `ask` throws
   */
  read(kept: Kept, ask: (asking: Asking) => Promise<unknown>, asksMore: boolean): Promise<unknown> {
    const { engine } = this.#space
    const { key, permanent, question, statement } = kept
    const { revision } = statement
    const own = permanent ? this.#terms.tagsOfPermanent(statement) : this.#terms.tags(statement, question.bindings)
    const policy = { ...kept.policy, tags: [...own, ...kept.policy.tags] }
    const loader = async (scope = engine.scopes.current ?? new Scope()) => {
      const rows = await ask({
        sending: (sent, connection) => {
          this.#loads.add(sent)
          if (this.#writes.openOn(connection) !== undefined) scope.never = true
        },
      })
      tell('miss', question.sql, () => `for ${policy.schedule(0)} ms `)
      // What it was read from may be something else by now.
      if (this.statements.revision !== revision) scope.never = true
      return rows
    }
    return load(engine, key, loader, everyValue(policy, asksMore))
  }

  /** Is nothing due because of the statement but to send it? So it is of most of what only reads. */
  passes(sent: unknown, sql: string): boolean {
    if (typeof sent === 'object' && sent !== null && this.#loads.has(sent)) return true
    const { effect, control, commits, calls, temporary } = this.statements.syntax(sql)
    if (control !== undefined || temporary !== undefined) return false
    if (effect !== 'read') return effect === 'none' && !commits
    return calls.size === 0 && this.#space.engine.scopes.current === undefined && this.statements.catalog?.readsMayWrite !== true
  }

  /** Sends a statement that does not pass, and does what is due because of it. */
  send<T>(connection: object, outgoing: Outgoing<T>): Promise<T> {
    const { sql, sending, take } = outgoing
    const { effect, control, temporary } = this.statements.syntax(sql)
    if (control !== undefined) {
      // Among several statements it may have others that answer.
      if (control.kind === 'unknown') this.#keepNone()
      const act = () => this.#writes.control(connection, control, sending)
      // Inside a transaction the database is asked nothing that the caller has not asked.
      return control.kind === 'begin' && this.statements.catalog === undefined ? this.know(sql, take).then(act) : act()
    }
    // A table of one connection's own that is called like another hides that.
    if (effect === 'session' || (temporary !== undefined && this.statements.catalog?.has(temporary) !== false)) this.#unsettle(sql)
    const ledger = this.#writes.openOn(connection)
    const statement = this.statements.read(sql) ?? (ledger === undefined ? undefined : this.statements.guess(sql))
    if (statement !== undefined) return this.#sendKnown(connection, statement, outgoing, ledger)
    return this.know(sql, take).then(known => this.#sendKnown(connection, known, outgoing, ledger))
  }

  #sendKnown<T>(connection: object, statement: Statement, outgoing: Outgoing<T>, ledger: Ledger | undefined): Promise<T> {
    const { sent, sql, bindings, sending, answerOf } = outgoing
    const { syntax, footprint, touched } = statement
    if (syntax.answers) this.#handOn(statement, bindings, ledger)
    if (touched.size === 0 && !(syntax.commits && ledger !== undefined)) return sending.send()
    const before = typeof sent === 'object' && sent !== null ? this.#before.get(sent) : undefined
    const announced = this.#options.signals.heard()
      ? (table: string, changes: readonly RowChange[]) => this.#held(table, changes)
      : undefined
    const write = writeOf(statement, { bindings, before, answerOf, announced })
    tell('purge', sql, () => `of ${[...write.touched].join(', ')} by `)
    if (syntax.effect === 'opaque' || (footprint.everything && this.statements.catalog !== undefined))
      this.#warnings.warn('Nobody can tell what this changes, so every query is purged', sql)
    return this.#writes.write(connection, write, sending)
  }

  /** Says of a statement that will be sent how the rows that it is about were before; nobody else may change them meanwhile. */
  knowRows(sent: object, before: readonly Row[]): void {
    this.#before.set(sent, before)
  }

  /** Announces changes once the transaction is committed that is open on the connection. */
  announce(connection: object, table: string, changes: readonly RowChange[]): void {
    this.#writes.holdOn(connection, this.#held(table, changes))
  }

  #held(table: string, changes: readonly RowChange[]): readonly (() => Promise<void>)[] {
    const { signals, retentions } = this.#options
    const model = retentions.of(table)?.model ?? table
    return changes.map(change => () => signals.raise(model, change))
  }

  /** What encloses a read that is not kept depends on it all the same; so it does on what a write answers. */
  #handOn(statement: Statement, bindings: readonly unknown[], ledger: Ledger | undefined): void {
    const { current } = this.#space.engine.scopes
    if (current === undefined) return
    const { effect, everything } = statement.footprint
    current.include({ tags: this.#terms.tags(statement, bindings), staleAt: Infinity })
    // Of what is not known nobody will say that it has changed.
    if (everything || (effect !== 'read' && effect !== 'write') || this.#deaf) current.never = true
    // A transaction that began before may see what is older than a purge, and one that has written what nobody will ever see (rule 10).
    if (ledger !== undefined && (ledger.touched.size > 0 || ledger.begunIn !== current)) current.never = true
  }

  #unsettle(sql: string): void {
    this.#terms.unsettle()
    this.#warnings.warn('After this the same query may mean something else on another connection, so none is kept any more', sql)
    // What is known of statements is found out anew.
    this.statements.outdate()
  }

  /** What encloses the code that runs is kept by nobody. */
  #keepNone(): void {
    const { current } = this.#space.engine.scopes
    if (current !== undefined) current.never = true
  }

  async #learn(take: TakeInventory): Promise<void> {
    const { dialect, touches } = this.#options
    const { revision } = this.statements
    try {
      this.statements.learn(new Catalog(dialect, await take(), touches), revision)
    } catch (error) {
      this.#space.engine.announce.error('load', '', error)
    }
  }
}

/** What is told while a query is being asked. */
export interface Asking {
  /** Just before the statement is sent on the connection. */
  readonly sending: (sent: object, connection: object) => void
}
