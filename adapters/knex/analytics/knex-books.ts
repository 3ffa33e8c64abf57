import type { Knex } from 'knex'
import { COLUMNS, Figures } from '../../../lib/analytics/figures.js'
import type { Books, EntryQuery, EventQuery, Range, WrittenEvent } from '../../../lib/analytics/ledger.js'
import type { Boards, Counted, EntryRow, EntryStats, ReasonRow, VariantsRow } from '../../../lib/analytics/report.js'
import { SPANS, type Span } from './knex-ledger.js'
import type { Tables } from './tables.js'

type Row = Readonly<Record<string, unknown>>

const DAY_MS = 86_400_000
const SUBJECT = ['namespace', 'kind', 'name'] as const
const TABLES_OF = {
  all: ['rollups', 'reasons', 'entries', 'events'],
  entries: ['entries'],
  events: ['events'],
} as const

/** Analytics read from a database. */
export class KnexBooks implements Books {
  readonly #knex: Knex
  readonly #tables: Tables

  constructor(knex: Knex, tables: Tables) {
    this.#knex = knex
    this.#tables = tables
  }

  async counted(range: Range): Promise<readonly Counted[]> {
    const rows = await rowsOf(
      this.#within(this.#tables.rollups, range)
        .groupBy(...SUBJECT)
        .select(...SUBJECT)
        .sum(Object.fromEntries(COLUMNS.map(column => [column, column]))),
    )
    return rows.map(row => ({ ...subjectIn(row), figures: Figures.of(row) }))
  }

  async series(range: Range): Promise<readonly { readonly at: number; readonly figures: Figures }[]> {
    const rows = await rowsOf(
      this.#within(this.#tables.rollups, range)
        .groupBy('at')
        .orderBy('at')
        .select('at')
        .sum(Object.fromEntries(COLUMNS.map(column => [column, column]))),
    )
    return rows.map(row => ({ at: Number(row['at']), figures: Figures.of(row) }))
  }

  async reasons(range: Range): Promise<readonly ReasonRow[]> {
    const columns = [...SUBJECT, 'what', 'reason']
    const rows = await rowsOf(
      this.#within(this.#tables.reasons, range)
        .groupBy(...columns)
        .select(...columns)
        .sum({ count: 'count' }),
    )
    return rows.map(row => ({
      ...subjectIn(row),
      what: String(row['what']),
      reason: String(row['reason']),
      count: Number(row['count']),
    }))
  }

  async boards(since: number, limit: number): Promise<Boards> {
    const board = async (order: string, only?: (query: Knex.QueryBuilder) => unknown) => {
      const query = this.#knex(this.#tables.entries).where('seen_at', '>=', since)
      only?.(query)
      return (await rowsOf(query.orderBy(order, 'desc').orderBy('id').limit(limit))).map(entryIn)
    }
    const positive = (column: string) => (query: Knex.QueryBuilder) => query.where(column, '>', 0)
    const [mostHit, mostMissed, slowest, largest, neverHit, wasted, mostVariants] = await Promise.all([
      board('hits', positive('hits')),
      board('misses', positive('misses')),
      board('load_ms', positive('load_ms')),
      board('bytes', positive('bytes')),
      board('bytes', query => query.where({ hits: 0 }).where('fills', '>', 0)),
      board('wasted', positive('wasted')),
      this.#mostVariants(since, limit),
    ])
    return { mostHit, mostMissed, slowest, largest, neverHit, wasted, mostVariants }
  }

  async stats(since: number): Promise<readonly EntryStats[]> {
    const rows = await rowsOf(
      this.#knex(this.#tables.entries)
        .where('seen_at', '>=', since)
        .where('fills', '>', 0)
        .groupBy(...SUBJECT)
        .select(...SUBJECT)
        .count({ entries: '*' })
        .countDistinct({ bases: 'base_id' })
        .sum({ hits: 'hits', fills: 'fills', bytes: 'bytes' })
        .select(this.#knex.raw('sum(case when ?? = 0 then 1 else 0 end) as ??', ['hits', 'never_hit'])),
    )
    return rows.map(row => ({
      ...subjectIn(row),
      entries: Number(row['entries']),
      bases: Number(row['bases']),
      neverHit: Number(row['never_hit']),
      hits: Number(row['hits']),
      fills: Number(row['fills']),
      bytes: Number(row['bytes']),
    }))
  }

  async entries({ order, search, limit }: EntryQuery): Promise<readonly EntryRow[]> {
    const query = this.#knex(this.#tables.entries)
    if (search !== undefined) {
      // Neither `%` nor `_` means anything in what is looked for.
      const pattern = `%${search.replaceAll(/[!%_]/g, '!$&')}%`
      query.where(where => {
        for (const column of ['shown', 'name']) where.orWhereRaw("?? like ? escape '!'", [column, pattern])
      })
    }
    return (await rowsOf(query.orderBy(order, 'desc').orderBy('id').limit(limit))).map(entryIn)
  }

  async events({ after, type, name, limit }: EventQuery): Promise<readonly WrittenEvent[]> {
    const query = this.#knex(this.#tables.events)
    if (type !== undefined) query.where({ type })
    if (name !== undefined) query.where({ name })
    if (after === undefined) query.orderBy('id', 'desc')
    else query.where('id', '>', after).orderBy('id')
    const rows = (await rowsOf(query.limit(limit))).map(eventIn)
    return after === undefined ? rows.toReversed() : rows
  }

  async clear(what: 'all' | 'entries' | 'events'): Promise<void> {
    for (const table of TABLES_OF[what]) await this.#knex(this.#tables[table]).del()
  }

  async #mostVariants(since: number, limit: number): Promise<readonly VariantsRow[]> {
    const columns = [...SUBJECT, 'base_id']
    const rows = await rowsOf(
      this.#knex(this.#tables.entries)
        .where('seen_at', '>=', since)
        .groupBy(...columns)
        .select(...columns)
        .min({ shown: 'base' })
        .count({ variants: '*' })
        .havingRaw('count(*) > 1')
        .orderBy('variants', 'desc')
        .limit(limit),
    )
    return rows.map(row => ({ ...subjectIn(row), shown: String(row['shown']), variants: Number(row['variants']) }))
  }

  /** The rows of the finest span for which the range is not too long. Those of the span that `from` lies in count. */
  #within(table: string, { from, to }: Range): Knex.QueryBuilder {
    const span: Span = to - from <= 1.5 * DAY_MS ? 'minute' : to - from <= 45 * DAY_MS ? 'hour' : 'day'
    return this.#knex(table)
      .where({ span })
      .where('at', '>=', from - (from % SPANS[span]))
      .where('at', '<=', to)
  }
}

async function rowsOf(query: PromiseLike<unknown>): Promise<readonly Row[]> {
  return (await query) as readonly Row[]
}

function subjectIn(row: Row) {
  return { namespace: String(row['namespace']), kind: String(row['kind']), name: String(row['name']) }
}

function entryIn(row: Row): EntryRow {
  const number = (column: string) => Number(row[column])
  return {
    ...subjectIn(row),
    shown: String(row['shown']),
    tags: String(row['tags']),
    hits: number('hits'),
    misses: number('misses'),
    fills: number('fills'),
    wasted: number('wasted'),
    savedMs: number('saved_ms'),
    bytes: number('bytes'),
    loadMs: number('load_ms'),
    createdAt: number('created_at'),
    hitAt: number('hit_at'),
    seenAt: number('seen_at'),
  }
}

function eventIn(row: Row): WrittenEvent {
  const number = (column: string) => Number(row[column])
  const text = (column: string) => String(row[column])
  return {
    ...subjectIn(row),
    id: number('id'),
    at: number('at'),
    process: text('process'),
    type: text('type'),
    shown: text('shown'),
    reason: text('reason'),
    count: number('count'),
    ms: number('ms'),
    bytes: number('bytes'),
  }
}
