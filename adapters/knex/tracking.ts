import { ConfigError, shown } from '../../lib/errors.js'
import type { Inventory } from '../../lib/queries/catalog.js'
import type { RowChange } from '../../lib/queries/changes.js'
import type { Queries } from '../../lib/queries/queries.js'
import type { Row } from '../../lib/queries/row-tags.js'
import type { Dialect } from '../../lib/queries/tokens.js'
import { answerOf } from './answer-of.js'
import type { Builder, Client, Compiled } from './knex-client.js'

/** What a write has made of a row, as the application sees rows. */
export interface Tracked {
  readonly before: unknown
  readonly after: unknown
}

/** So many rows are written by one statement. */
const AT_ONCE = 500

/** Writes to rows after having locked and read them, so that each change is known: what a row was, and what it is. */
export class Tracking {
  readonly #queries: Queries
  readonly #dialect: Dialect
  readonly #takeOn: (client: Client, connection: object) => Promise<Inventory>

  constructor(queries: Queries, dialect: Dialect, takeOn: (client: Client, connection: object) => Promise<Inventory>) {
    this.#queries = queries
    this.#dialect = dialect
    this.#takeOn = takeOn
  }

  /**
   * Updates, or without `values` removes, the rows that the query selects; in a transaction of its own, unless it is in one.
   * @throws {ConfigError} for a query on more than a table, a table without a primary key of one column, and values that change the key
   */
  async run(query: Builder, values?: Row): Promise<readonly Tracked[]> {
    const { client } = query
    if (client.transacting === true) return this.#write(client, query, values)
    return (await client.transaction(trx => this.#write(trx.client, query, values))) as readonly Tracked[]
  }

  async #write(client: Client, query: Builder, values: Row | undefined): Promise<readonly Tracked[]> {
    const table = query._single?.['table']
    if (typeof table !== 'string' || / as /i.test(table))
      throw new ConfigError(`Expected a query on one table to track, got ${shown(table)}`)
    const name = table.split('.').at(-1) ?? table
    const connection = await client.acquireConnection()
    const read = one(query.clone().clear('select').select(`${table}.*`).forUpdate().transacting({ client }))
    // What is known of the tables may have been forgotten since the transaction began.
    await this.#queries.know(read.sql, () => this.#takeOn(client, connection))
    const [key, ...others] = this.#queries.statements.catalog?.key(name) ?? []
    if (key === undefined || others.length > 0)
      throw new ConfigError(`Only a table with a primary key of one column can be tracked, not ${table}`)
    if (values !== undefined && key in values) throw new ConfigError(`A tracked update cannot change the key: ${key}`)
    const ask = async (compiled: Compiled) => answerOf(await client.query(connection, compiled)).rows ?? []
    const schema = query._single?.['schema']
    const all = () => (typeof schema === 'string' ? client.queryBuilder().withSchema(schema) : client.queryBuilder()).from(table)
    // There nobody is locked out by a read; a write that writes nothing waits for its turn.
    if (this.#dialect === 'sqlite')
      await client._query(
        connection,
        one(
          all()
            .whereRaw('0')
            .update({ [key]: null }),
        ),
      )
    const before = await ask(read)
    const after: Row[] = []
    for (let from = 0; from < before.length; from += AT_ONCE) {
      const rows = before.slice(from, from + AT_ONCE)
      const those = () =>
        all().whereIn(
          key,
          rows.map(row => row[key]),
        )
      const write = one(values === undefined ? those().del() : those().update(values))
      this.#queries.knowRows(write, rows)
      await client.query(connection, write)
      if (values !== undefined) after.push(...(await ask(one(those().select('*')))))
    }
    const pairs = paired(before, after, key)
    this.#queries.announce(
      connection,
      name.toLowerCase(),
      pairs.map(pair => changeOf(pair, values === undefined)),
    )
    const shownAs = (row: Row | undefined) =>
      row && (client.postProcessResponse([{ ...row }], query.queryContext()) as readonly unknown[])[0]
    return pairs.map(pair => ({ before: shownAs(pair.before), after: shownAs(pair.after) }))
  }
}

interface Pair {
  readonly before: Row
  readonly after: Row | undefined
}

function paired(before: readonly Row[], after: readonly Row[], key: string): readonly Pair[] {
  const found = new Map(after.map(row => [String(row[key]), row]))
  return before.map(row => ({ before: row, after: found.get(String(row[key])) }))
}

function changeOf({ before, after }: Pair, removed: boolean): RowChange {
  if (removed || after === undefined) return { kind: 'deleted', before }
  return { kind: 'saved', before, after }
}

function one(query: Builder): Compiled {
  const compiled = query.toSQL()
  if (Array.isArray(compiled)) throw new ConfigError('Expected a query that is one statement to track')
  return compiled as Compiled
}
