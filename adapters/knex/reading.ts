import type { Asking, Kept, Queries } from '../../lib/queries/queries.js'
import { ownRows } from '../../lib/queries/rows.js'
import type { QueryExplanation } from '../../lib/cache/kept-queries.js'
import type { Inventory } from '../../lib/queries/catalog.js'
import type { Statement } from '../../lib/queries/statements.js'
import { isCacheable, wishOf } from './builders.js'
import type { Builder, Client, Compiled, Runner } from './knex-client.js'
import type { RawAnswers } from './raw-answer.js'

/** The ways of asking that may be answered from what is kept. */
const METHODS = new Set(['select', 'first', 'pluck', 'raw'])

/** Lets queries be answered from what is kept, and answers be kept. */
export class Reading {
  readonly #queries: Queries
  readonly #answers: RawAnswers
  readonly #take: (client: Client) => Promise<Inventory>
  /** What runners have brought, before it is post-processed. */
  readonly #brought = new WeakMap<Runner, { rows: unknown }>()

  constructor(queries: Queries, answers: RawAnswers, take: (client: Client) => Promise<Inventory>) {
    this.#queries = queries
    this.#answers = answers
    this.#take = take
  }

  /** May the query be answered from what is kept, as far as can be said before it is compiled? */
  concerns(client: Client, builder: Builder): boolean {
    if (client.transacting === true || client.pool === undefined || builder._connection !== undefined || !isCacheable(builder)) return false
    return builder.isRawInstance === true || METHODS.has(builder._method ?? '')
  }

  /** What would become of the query if it was sent now. @throws {StoreError} */
  async explain(client: Client, builder: Builder): Promise<QueryExplanation> {
    const compiled = builder.toSQL()
    const { sql, bindings = [], method = '' } = isOne(compiled) ? compiled : { sql: '', method: 'several' }
    const reason = this.#unasked(client, builder, method)
    if (reason !== undefined) return { sql, outcome: 'bypass', reason, key: undefined, tables: [], rows: undefined, entry: undefined }
    const statement = this.#queries.statements.read(sql) ?? (await this.#queries.know(sql, () => this.#take(client)))
    return this.#queries.explain({ sql, bindings, method, shape: shapeOf(compiled as Compiled) }, statement, wishOf(builder))
  }

  #unasked(client: Client, builder: Builder, method: string): string | undefined {
    if (client.transacting === true) return 'it is sent in a transaction'
    if (builder._connection !== undefined) return 'it is sent on a connection of its own'
    return this.concerns(client, builder) && METHODS.has(method) ? undefined : 'it is no read'
  }

  /** Does what `runner.run` does, but for asking the database if the answer is kept. */
  async run(client: Client, builder: Builder, runner: Runner): Promise<unknown> {
    try {
      client.emit('start', builder)
      builder.emit('start', builder)
      // Listeners at `start` still add to the query, and may have made another kind of it.
      const compiled = builder.toSQL()
      const coming = isOne(compiled) ? this.#answer(client, builder, runner, compiled) : plainly(client, builder, runner, compiled)
      // What is at hand is not waited for.
      const answer = coming instanceof Promise ? await coming : coming
      builder.emit('end')
      return answer
    } catch (error) {
      if (builder._events?.error !== undefined) builder.emit('error', error)
      throw error
    }
  }

  /** Notes what a runner has brought, if somebody waits for it. */
  note<T>(runner: Runner, rows: T): T {
    const brought = this.#brought.get(runner)
    if (brought === undefined) return rows
    brought.rows = rows
    try {
      // Post-processing and listeners may change what they are given.
      return ownRows(rows) as T
    } catch {
      // Instances of the driver's own classes cannot be copied, and will not be kept.
      return rows
    }
  }

  /** @returns the answer itself, if it is at hand */
  #answer(client: Client, builder: Builder, runner: Runner, compiled: Compiled): unknown {
    const { sql, method = '' } = compiled
    if (!METHODS.has(method) || compiled.output !== undefined) return plainly(client, builder, runner, compiled)
    const statement = this.#queries.statements.read(sql)
    if (statement !== undefined) return this.#answerKnown(client, builder, runner, compiled, statement)
    return this.#queries.know(sql, () => this.#take(client)).then(known => this.#answerKnown(client, builder, runner, compiled, known))
  }

  #answerKnown(client: Client, builder: Builder, runner: Runner, compiled: Compiled, statement: Statement): unknown {
    const { sql, bindings = [], method = '' } = compiled
    const place = this.#queries.place({ sql, bindings, method, shape: shapeOf(compiled) }, statement, wishOf(builder))
    if ('reason' in place) return plainly(client, builder, runner, compiled)
    const kept = this.#queries.atHand(place)
    return kept === undefined ? this.#load(client, builder, runner, compiled, place) : this.#post(client, builder, method, kept.value)
  }

  async #load(client: Client, builder: Builder, runner: Runner, compiled: Compiled, place: Kept): Promise<unknown> {
    const { method = '' } = compiled
    let own: { readonly answer: unknown } | undefined
    const ask = ({ sending }: Asking) =>
      runner.ensureConnection(async using => {
        const brought = { rows: undefined as unknown }
        this.#brought.set(using, brought)
        sending(compiled, using.connection)
        own = { answer: await plainlyOn(client, builder, using, compiled) }
        return method === 'raw' ? this.#answers.plain(brought.rows) : brought.rows
      })
    const rows = await this.#queries.read(place, ask, client.config.postProcessResponse !== undefined)
    return own === undefined ? this.#post(client, builder, method, rows) : own.answer
  }

  /** What a caller gets of what is kept: rows of his own. */
  #post(client: Client, builder: Builder, method: string, kept: unknown): unknown {
    const rows = ownRows(kept)
    return client.postProcessResponse(method === 'raw' ? this.#answers.restored(rows) : rows, builder.queryContext())
  }
}

/** What besides the text and the method shapes an answer; mostly nothing. Who has less time does not share a question with others. */
function shapeOf({ pluck, options, returning, timeout }: Compiled): unknown {
  const none = typeof options !== 'object' || options === null || Object.keys(options).length === 0
  const hurried = timeout !== undefined && timeout !== false
  if (none && !hurried && pluck === undefined && returning === undefined) return undefined
  return [pluck, none ? undefined : options, returning, ...(hurried ? [timeout] : [])]
}

function plainly(client: Client, builder: Builder, runner: Runner, compiled: Compiled | readonly Compiled[]): Promise<unknown> {
  return runner.ensureConnection(using => plainlyOn(client, builder, using, compiled))
}

function plainlyOn(client: Client, builder: Builder, runner: Runner, compiled: Compiled | readonly Compiled[]): Promise<unknown> {
  if (builder._debug !== undefined && builder._debug !== false) client.logger.debug(compiled)
  return isOne(compiled) ? runner.query(compiled) : runner.queryArray(compiled)
}

function isOne(compiled: Compiled | readonly Compiled[]): compiled is Compiled {
  return !Array.isArray(compiled)
}
