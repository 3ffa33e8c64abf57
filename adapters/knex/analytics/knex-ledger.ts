import { hash } from 'node:crypto'
import { hostname } from 'node:os'
import type { Knex } from 'knex'
import { COLUMNS, Figures } from '../../../lib/analytics/figures.js'
import type { Batch, EntryDelta, Ledger, ReasonCell, Retention } from '../../../lib/analytics/ledger.js'
import type { Subject } from '../../../lib/analytics/subject.js'
import { isMysql, migrate, type Tables } from './tables.js'

type Row = Record<string, string | number>
/** What becomes of a column of a row that is there already. */
type Merge = 'add' | 'latest' | 'greatest'

/** So many rows go into one statement, of which each has up to seventy values. */
const ROWS = 100
/** So many are deleted in one step. */
const STEP = 1_000
const BATCHES_MS = 86_400_000

/** One span of time over which figures are added up, and how long it is. */
export const SPANS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
export type Span = keyof typeof SPANS

/** Analytics in a database. Rows are added to where they are, in one statement, so that any number of processes may write. */
export class KnexLedger implements Ledger {
  readonly knex: Knex
  readonly tables: Tables
  readonly #process = `${hostname()}:${process.pid}`.slice(-100)
  #migrated: Promise<readonly string[]> | undefined

  constructor(knex: Knex, tables: Tables) {
    this.knex = knex
    this.tables = tables
  }

  migrate(): Promise<readonly string[]> {
    this.#migrated ??= migrate(this.knex, this.tables).catch((error: unknown) => {
      this.#migrated = undefined
      throw error
    })
    return this.#migrated
  }

  async write(batch: Batch): Promise<void> {
    await this.migrate()
    try {
      await this.knex.transaction(async trx => this.#write(trx, batch))
    } catch (error) {
      // Its answer was lost the last time, and it has been written since.
      if (!(await this.#isWritten(batch))) throw error
    }
  }

  async prune(retention: Retention, now: number): Promise<boolean> {
    const { rollups, reasons, entries, events, batches } = this.tables
    const spans = [
      ['minute', retention.minutesMs],
      ['hour', retention.hoursMs],
      ['day', retention.daysMs],
    ] as const
    const steps = [
      ...spans.flatMap(([span, ms]) => [rollups, reasons].map(table => () => this.#pruneSlot(table, span, now - ms))),
      () => this.#pruneRows(events, 'at', now - retention.eventsMs),
      () => this.#pruneRows(entries, 'seen_at', now - retention.entriesMs),
      () => this.#pruneRows(batches, 'at', now - BATCHES_MS),
      () => this.#pruneSurplus(entries, retention.maxEntries),
    ]
    let more = false
    for (const step of steps) more = (await step()) || more
    return more
  }

  async #isWritten({ id }: Batch): Promise<boolean> {
    try {
      return (await this.knex(this.tables.batches).where({ id }).select('id')).length > 0
    } catch {
      return false
    }
  }

  async #write(trx: Knex.Transaction, { id, cells, reasons, entries, events }: Batch): Promise<void> {
    // First, so that a second attempt fails here, or waits here for the first to end.
    await trx(this.tables.batches).insert({ id, at: Date.now() })
    const rollups = merged(cells.flatMap(cell => slots(cell, cell.at, cell.figures.row())))
    await this.#upsert(trx, this.tables.rollups, ['span', 'at', 'id'], rollups, Object.fromEntries(COLUMNS.map(column => [column, 'add'])))
    const because = merged(reasons.flatMap(cell => slots(cell, cell.at, { count: cell.count }, reasonOf(cell))))
    await this.#upsert(trx, this.tables.reasons, ['span', 'at', 'id'], because, { count: 'add' })
    const known = entries.map(entryRow).toSorted(byId)
    await this.#upsert(trx, this.tables.entries, ['id'], known, ENTRY_MERGES)
    const rows = events.map(event => ({ ...event, process: this.#process }))
    for (const some of chunked(rows)) await trx(this.tables.events).insert(some)
  }

  async #upsert(
    trx: Knex.Transaction,
    table: string,
    keys: readonly string[],
    rows: readonly Row[],
    merges: Readonly<Record<string, Merge>>,
  ): Promise<void> {
    const merge = Object.fromEntries(Object.entries(merges).map(([column, how]) => [column, this.#merged(table, column, how)]))
    for (const some of chunked(rows)) {
      await trx(table)
        .insert([...some])
        .onConflict([...keys])
        .merge(merge)
    }
  }

  /** What the column is to be, of what is there and what comes. */
  #merged(table: string, column: string, how: Merge): Knex.Raw {
    const mysql = isMysql(this.knex)
    const comes = (name: string) => (mysql ? this.knex.raw('values(??)', [name]) : this.knex.raw('??', [`excluded.${name}`]))
    const there = this.knex.raw('??', [`${table}.${column}`])
    if (how === 'add') return this.knex.raw('? + ?', [there, comes(column)])
    const better = how === 'latest' ? this.knex.raw('? > 0', [comes('fills')]) : this.knex.raw('? > ?', [comes(column), there])
    return this.knex.raw('case when ? then ? else ? end', [better, comes(column), there])
  }

  /** One span of time at once: of so many names there are rows in it. */
  async #pruneSlot(table: string, span: Span, before: number): Promise<boolean> {
    if (before === -Infinity) return false
    const old = () => this.knex(table).where({ span }).where('at', '<', before)
    const [first]: readonly { readonly at: unknown }[] = await old().min({ at: 'at' })
    if (first?.at === null || first?.at === undefined) return false
    await old().where('at', '<=', Number(first.at)).del()
    return true
  }

  async #pruneRows(table: string, column: string, before: number): Promise<boolean> {
    if (before === -Infinity) return false
    return this.#delete(table, await this.knex(table).where(column, '<', before).orderBy(column).limit(STEP).pluck('id'))
  }

  async #pruneSurplus(table: string, most: number): Promise<boolean> {
    const [counted]: readonly { readonly count: unknown }[] = await this.knex(table).count({ count: '*' })
    const surplus = Math.min(Number(counted?.count ?? 0) - most, STEP)
    return surplus > 0 && this.#delete(table, await this.knex(table).orderBy('seen_at').limit(surplus).pluck('id'))
  }

  /** @returns whether it was as many as are deleted in one step */
  async #delete(table: string, ids: readonly string[]): Promise<boolean> {
    if (ids.length > 0)
      await this.knex(table)
        .whereIn('id', [...ids])
        .del()
    return ids.length === STEP
  }
}

const ENTRY_MERGES: Readonly<Record<string, Merge>> = {
  hits: 'add',
  misses: 'add',
  wasted: 'add',
  saved_ms: 'add',
  bytes: 'latest',
  load_ms: 'latest',
  created_at: 'latest',
  tags: 'latest',
  hit_at: 'greatest',
  seen_at: 'greatest',
  fills: 'add',
}

/** The rows of one minute: in each span that it is a part of. */
function slots(subject: Subject, at: number, figures: Row, more: Row = {}): Row[] {
  const { namespace, kind, name } = subject
  const id = digest([namespace, kind, name, ...Object.values(more)])
  return Object.entries(SPANS).map(([span, ms]) => ({ span, at: at - (at % ms), id, namespace, kind, name, ...more, ...figures }))
}

/** Each row once: no statement may touch one twice. */
function merged(rows: readonly Row[]): Row[] {
  const all = new Map<string, Row>()
  for (const row of rows) {
    const id = `${row['span']} ${row['at']} ${row['id']}`
    const there = all.get(id)
    all.set(id, there === undefined ? row : sum(there, row))
  }
  return [...all.values()].toSorted(byId)
}

function sum(one: Row, other: Row): Row {
  if ('count' in one) return { ...one, count: Number(one['count']) + Number(other['count']) }
  const figures = Figures.of(one)
  figures.include(Figures.of(other))
  return { ...one, ...figures.row() }
}

/** Rows are locked in the same order everywhere, so that no two processes wait for each other. */
function byId(one: Row, other: Row): number {
  const [a, b] = [one, other].map(({ span = '', at = '', id = '' }) => `${span} ${at} ${id}`) as [string, string]
  return a < b ? -1 : Number(a > b)
}

function reasonOf({ what, reason }: ReasonCell): Row {
  return { what, reason: reason.slice(0, 100) }
}

function entryRow({ shown, base, namespace, kind, name, tags, savedMs, loadMs, createdAt, hitAt, seenAt, ...counts }: EntryDelta): Row {
  const instants = { saved_ms: savedMs, load_ms: loadMs, created_at: createdAt, hit_at: hitAt, seen_at: seenAt }
  const id = digest([namespace, shown])
  return { id, namespace, kind, name, shown, base, base_id: digest([namespace, base]), tags, ...counts, ...instants }
}

function digest(parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 32)
}

function* chunked<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += ROWS) yield rows.slice(at, at + ROWS)
}
