import type { Figures } from './figures.js'
import type { Boards, Counted, EntryRow, EntryStats, ReasonRow } from './report.js'
import type { Subject } from './subject.js'

/** What was counted of a name in one minute, beginning at `at` (epoch ms). */
export interface Cell extends Subject {
  readonly at: number
  readonly figures: Figures
}

/** How often something happened for one reason in the minute that began at `at` (epoch ms). */
export interface ReasonCell extends Subject {
  readonly at: number
  readonly what: string
  readonly reason: string
  count: number
}

/** What became of one entry since it was written down last. */
export interface EntryDelta extends Subject {
  readonly shown: string
  readonly base: string
  hits: number
  misses: number
  fills: number
  wasted: number
  savedMs: number
  /** When it was heard of last, epoch ms. */
  seenAt: number
  /** Epoch ms; 0 if it was not served. */
  hitAt: number
  /** Of its last fill, if there was one. */
  tags: string
  bytes: number
  loadMs: number
  createdAt: number
}

/** Something that happened, written down by itself. */
export interface EventRow extends Subject {
  readonly at: number
  readonly type: string
  readonly shown: string
  readonly reason: string
  /** How often: hits are told together. */
  readonly count: number
  readonly ms: number
  readonly bytes: number
}

/** What is written in one step, or not at all. */
export interface Batch {
  /** Written with it, so that nothing is written twice. */
  readonly id: string
  readonly cells: readonly Cell[]
  readonly reasons: readonly ReasonCell[]
  readonly entries: readonly EntryDelta[]
  readonly events: readonly EventRow[]
}

/** How long (ms) what is kept, and how many entries at most. */
export interface Retention {
  readonly minutesMs: number
  readonly hoursMs: number
  readonly daysMs: number
  readonly eventsMs: number
  readonly entriesMs: number
  readonly maxEntries: number
}

/** Where it is written down, and read. */
export interface Ledger {
  /** Writes a batch that may have been written before, once. Makes the tables if there are none. */
  write(batch: Batch): Promise<void>
  /** Deletes some of what is older than that. @returns whether there is more */
  prune(retention: Retention, now: number): Promise<boolean>
  /** Makes the tables, or brings them up to date. @returns the names of the migrations that it took */
  migrate(): Promise<readonly string[]>
}

/** Which part of the time: from one instant to another, epoch ms. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** An event as it was written. `id` rises. */
export interface WrittenEvent extends EventRow {
  readonly id: number
  readonly process: string
}

export interface EventQuery {
  /** Those with a higher `id`. */
  readonly after?: number | undefined
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly limit: number
}

export interface EntryQuery {
  readonly order: EntryOrder
  /** Part of the name or of the key as shown. */
  readonly search?: string | undefined
  readonly limit: number
}

export const ENTRY_ORDERS = ['hits', 'misses', 'load_ms', 'bytes', 'saved_ms', 'wasted', 'created_at', 'hit_at'] as const
export type EntryOrder = (typeof ENTRY_ORDERS)[number]

/** What was written down, read. */
export interface Books {
  /** The figures of all names, in whole minutes, hours or days. */
  counted(range: Range): Promise<readonly Counted[]>
  /** All names together, span by span: `at` is when it began. */
  series(range: Range): Promise<readonly { readonly at: number; readonly figures: Figures }[]>
  reasons(range: Range): Promise<readonly ReasonRow[]>
  /** @param limit how many of each */
  boards(since: number, limit: number): Promise<Boards>
  stats(since: number): Promise<readonly EntryStats[]>
  entries(query: EntryQuery): Promise<readonly EntryRow[]>
  /** The latest, in the order in which they were written. */
  events(query: EventQuery): Promise<readonly WrittenEvent[]>
  /** Deletes what was written of entries, of events, or everything. */
  clear(what: 'all' | 'entries' | 'events'): Promise<void>
}
