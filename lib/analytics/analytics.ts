import { ConfigError, shown } from '../errors.js'
import { checkedOptions, countOf } from '../options.js'
import { milliseconds, type Duration } from '../time/duration.js'
import { advise, type Advice } from './advice.js'
import type { Figures } from './figures.js'
import { ENTRY_ORDERS, type Books, type EntryOrder, type EventQuery, type Ledger, type Range, type WrittenEvent } from './ledger.js'
import { Listener, type Source } from './listener.js'
import type { Recording } from './options.js'
import { Redactor } from './redaction.js'
import { BYS, concerning, reasonsOf, rowsBy, totalsOf, type By, type EntryRow, type Report, type ReportRow } from './report.js'
import { Tally } from './tally.js'
import { Writer, type Health } from './writer.js'

export interface ReportOptions {
  /**
   * The last so many days, which may be a fraction.
   * @default 7
   */
  readonly days?: number
  /**
   * How figures are told apart: pages by `route`, everything by `name`, `kind` or `namespace`.
   * @default 'name'
   */
  readonly by?: By
  /**
   * How many entries each leader board has.
   * @default 10
   */
  readonly top?: number
}

/** All names together in one span of time, that began at `at` (epoch ms). */
export interface SeriesRow extends ReportRow {
  readonly at: number
}

const DAY_MS = 86_400_000
const CLOSE_MS = 5_000

/** What a cache did: written down by this process, read of all. Made by `analytics`. */
export class Analytics {
  readonly #ledger: Ledger
  readonly #books: Books
  readonly #tally: Tally
  readonly #listener: Listener
  readonly #recording: Recording
  readonly #now: () => number
  readonly #sources = new Map<Source, () => void>()
  #writer: Writer | undefined
  #closed = false

  /**
   * @param own says of the name of something that was purged whether it is one of our own tables
   * @internal
   */
  constructor(ledger: Ledger, books: Books, recording: Recording, now: () => number, own: (name: string) => boolean) {
    const { limits, redact, shareOf, switches } = recording
    this.#ledger = ledger
    this.#books = books
    this.#recording = recording
    this.#now = now
    this.#tally = new Tally(limits, now)
    const isSampled = (type: string) => Math.random() < shareOf(type)
    this.#listener = new Listener(this.#tally, new Redactor(redact), switches.performance, isSampled, own)
  }

  /** How the writing goes. */
  get health(): Health {
    return this.#writer?.health ?? { buffered: 0, dropped: 0, written: 0, lastWrittenAt: undefined, failure: undefined }
  }

  /** Counts what this source announces, too. @internal */
  listenTo(source: Source): void {
    this.#writer ??= new Writer(this.#tally, this.#ledger, this.#recording.writer, this.#now)
    this.#sources.set(source, this.#listener.listen(source, this.#recording.switches))
  }

  /** What was counted in the last days, in all processes. What this process has not written yet is written before. */
  async report(options?: ReportOptions): Promise<Report> {
    const { days = 7, by = 'name', top = 10 } = checkedOptions(options, 'report()', ['days', 'by', 'top'])
    if (!BYS.some(known => known === by)) throw new ConfigError(`Expected \`by\` to be one of ${BYS.join(', ')}, got ${shown(by)}`)
    const range = await this.#read(days)
    const [counted, reasons, boards] = await Promise.all([
      this.#books.counted(range),
      this.#books.reasons(range),
      this.#books.boards(range.from, countOf(top, 'top')),
    ])
    return {
      ...range,
      by: by as By,
      totals: totalsOf(concerning(counted, by as By)),
      rows: rowsBy(counted, by as By),
      reasons: reasonsOf(concerning(reasons, by as By)),
      boards,
    }
  }

  /** The course of things in the last days: by the minute, the hour or the day. */
  async series(options?: { readonly days?: number }): Promise<SeriesRow[]> {
    const { days = 1 } = checkedOptions(options, 'series()', ['days'])
    const rows: readonly { readonly at: number; readonly figures: Figures }[] = await this.#books.series(await this.#read(days))
    return rows.map(({ at, figures }) => ({ ...totalsOf([{ namespace: '', kind: '', name: '', figures }]), at }))
  }

  /** What could be better, with the figures that say so. */
  async advice(options?: { readonly days?: number }): Promise<Advice[]> {
    const { days = 7 } = checkedOptions(options, 'advice()', ['days'])
    const range = await this.#read(days)
    const [counted, reasons, stats, { largest }] = await Promise.all([
      this.#books.counted(range),
      this.#books.reasons(range),
      this.#books.stats(range.from),
      this.#books.boards(range.from, 5),
    ])
    return advise({ rows: rowsBy(counted, 'name'), reasons, stats, largest })
  }

  /** Entries, ordered by a figure, the highest first. */
  async entries(options?: {
    readonly order?: EntryOrder
    readonly search?: string
    readonly limit?: number
  }): Promise<readonly EntryRow[]> {
    const { order = 'hits', search, limit = 20 } = checkedOptions(options, 'entries()', ['order', 'search', 'limit'])
    if (!ENTRY_ORDERS.some(known => known === order))
      throw new ConfigError(`Expected \`order\` to be one of ${ENTRY_ORDERS.join(', ')}, got ${shown(order)}`)
    await this.#ready()
    return this.#books.entries({ order: order as EntryOrder, search: text(search, 'search'), limit: countOf(limit, 'limit') })
  }

  /** The latest events, in order; of those after an `id`. */
  async events(options?: Partial<EventQuery>): Promise<readonly WrittenEvent[]> {
    const { after, type, name, limit = 50 } = checkedOptions(options, 'events()', ['after', 'type', 'name', 'limit'])
    await this.#ready()
    return this.#books.events({
      after: after === undefined ? undefined : countOf(after, 'after'),
      type: text(type, 'type'),
      name: text(name, 'name'),
      limit: countOf(limit, 'limit'),
    })
  }

  /** Deletes what was written down. */
  async clear(what: 'all' | 'entries' | 'events' = 'all'): Promise<void> {
    await this.#ready()
    await this.#books.clear(what)
  }

  /** Makes the tables, or brings them up to date; it is done anyway before something is written or read. @returns the steps that it took */
  migrate(): Promise<readonly string[]> {
    return this.#ledger.migrate()
  }

  /** Writes what has been counted. @throws what kept it from being written */
  async flush(): Promise<void> {
    for (const source of this.#sources.keys()) source.tellHits()
    this.#listener.settle()
    await this.#writer?.flush()
  }

  /**
   * Stops counting, and writes what is left.
   * @param within for how long that may take
   * @returns whether all was written
   */
  async close({ within = CLOSE_MS }: { readonly within?: Duration } = {}): Promise<boolean> {
    if (this.#closed) return true
    this.#closed = true
    for (const [source, off] of this.#sources) {
      source.tellHits()
      off()
    }
    this.#listener.settle()
    this.#sources.clear()
    return (await this.#writer?.close(milliseconds(within, 'within'))) ?? true
  }

  async #read(days: unknown): Promise<Range> {
    if (typeof days !== 'number' || !(days > 0 && days < 10_000))
      throw new ConfigError(`Expected \`days\` to be a number of days, got ${shown(days)}`)
    await this.#ready()
    const to = this.#now()
    return { from: to - days * DAY_MS, to }
  }

  async #ready(): Promise<void> {
    await this.#ledger.migrate()
    if (this.#sources.size > 0) await this.flush()
  }
}

function text(given: unknown, option: string): string | undefined {
  if (given === undefined || typeof given === 'string') return given
  throw new ConfigError(`Expected \`${option}\` to be a text, got ${shown(given)}`)
}
