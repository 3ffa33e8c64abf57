import { BOUNDS } from './histogram.js'

/** What is counted of a name in a span of time. All can be added up. */
const COUNTS = [
  'hits',
  'stale',
  'misses',
  'collapsed',
  'bypassed',
  'loads',
  'failed',
  'fills',
  'refreshes',
  'sets',
  'refused',
  'evictions',
  'purges',
  'errors',
  'wasted',
  'unchanged',
  'served_bytes',
  'filled_bytes',
  'saved_ms',
  'load_ms',
  'ttl_ms',
  'evicted_age_ms',
] as const

export type Count = (typeof COUNTS)[number]

const HIT_TIMES = Array.from({ length: BOUNDS.length + 1 }, (_, at) => `hit_t${at}`)
const LOAD_TIMES = Array.from({ length: BOUNDS.length + 1 }, (_, at) => `load_t${at}`)

/** The columns of a row of figures, in their order. */
export const COLUMNS: readonly string[] = [...COUNTS, ...HIT_TIMES, ...LOAD_TIMES]

const PLACES = new Map(COLUMNS.map((column, place) => [column, place]))

/** Figures being added up: one number for each column. */
export class Figures {
  readonly values: Float64Array

  constructor(values: Float64Array = new Float64Array(COLUMNS.length)) {
    this.values = values
  }

  static of(row: Readonly<Record<string, unknown>>): Figures {
    return new Figures(Float64Array.from(COLUMNS, column => Number(row[column] ?? 0)))
  }

  get(count: Count): number {
    return this.values[PLACES.get(count) ?? 0] ?? 0
  }

  add(count: Count, by = 1): void {
    this.#add(PLACES.get(count) ?? 0, by)
  }

  /** A hit was found, or a load took, so long. */
  time(of: 'hit' | 'load', bucket: number): void {
    this.#add((PLACES.get(`${of}_t0`) ?? 0) + bucket, 1)
  }

  times(of: 'hit' | 'load'): readonly number[] {
    const first = PLACES.get(`${of}_t0`) ?? 0
    return [...this.values.subarray(first, first + BOUNDS.length + 1)]
  }

  include(others: Figures): void {
    for (const [place, value] of others.values.entries()) this.#add(place, value)
  }

  /** As a row of a table. */
  row(): Record<string, number> {
    return Object.fromEntries(COLUMNS.map((column, place) => [column, this.values[place] ?? 0]))
  }

  #add(place: number, by: number): void {
    this.values[place] = (this.values[place] ?? 0) + by
  }
}
