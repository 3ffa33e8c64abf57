import { patiently } from '../time/patience.js'
import type { Batch, Ledger, Retention } from './ledger.js'
import type { Tally } from './tally.js'

export interface WriterOptions {
  /** So often it is written, ms. */
  readonly everyMs: number
  /** With so many rows it is written at once. */
  readonly rows: number
  /** What takes longer than this (ms) may have happened or not, and is tried again. */
  readonly patienceMs: number
  readonly retention: Retention
}

/** How the writing goes. Instants are epoch ms. */
export interface Health {
  /** How many rows wait to be written. */
  readonly buffered: number
  /** How much could not be noted for want of room, since the start. */
  readonly dropped: number
  readonly written: number
  readonly lastWrittenAt: number | undefined
  /** Why the last attempt to write failed, if it did. */
  readonly failure: unknown
}

const LONGEST_PAUSE_MS = 30_000
/** When it is closing. */
const RETRY_MS = 250
const PRUNE_EVERY_MS = 60_000

/**
 * Writes what has been counted, batch by batch. One that fails is tried again as it is until it is written, for nobody knows whether it was; what
 * is counted meanwhile waits in the tally, which is bounded. Nobody waits for any of this, but who calls `flush` or `close`.
 */
export class Writer {
  readonly #tally: Tally
  readonly #ledger: Ledger
  readonly #options: WriterOptions
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #batch: Batch | undefined
  #running: Promise<void> | undefined
  #pauseMs = 0
  #notBefore = 0
  #prunedAt = 0
  #written = 0
  #lastWrittenAt: number | undefined
  #failure: unknown

  /** @param now what the retention is counted from; the pauses are real time */
  constructor(tally: Tally, ledger: Ledger, options: WriterOptions, now: () => number) {
    this.#tally = tally
    this.#ledger = ledger
    this.#options = options
    this.#now = now
    this.#timer = setInterval(() => this.#tick(), Math.min(options.everyMs, 1_000)).unref()
    this.#notBefore = performance.now() + options.everyMs
  }

  get health(): Health {
    return {
      buffered: this.#tally.size + (this.#batch === undefined ? 0 : rowsOf(this.#batch)),
      dropped: this.#tally.dropped,
      written: this.#written,
      lastWrittenAt: this.#lastWrittenAt,
      failure: this.#failure,
    }
  }

  /** Writes what there is. @throws what kept it from being written; then it is tried again later */
  async flush(): Promise<void> {
    await this.#running
    await this.#write()
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Writes what is left, and nothing after that; tries again while there is time. @returns whether all of it was written, in so many ms */
  async close(withinMs: number): Promise<boolean> {
    clearInterval(this.#timer)
    const until = performance.now() + withinMs
    for (;;) {
      const tried = await patiently(this.#lastWrite(), Math.max(until - performance.now(), 0), undefined, true)
      if (tried === undefined || tried) return tried === true
      const pauseMs = Math.min(RETRY_MS, until - performance.now())
      if (pauseMs <= 0) return false
      await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
  }

  async #lastWrite(): Promise<boolean> {
    await this.#running
    await this.#write()
    return this.#failure === undefined
  }

  #tick(): void {
    if (this.#running !== undefined || performance.now() < this.#notBefore) {
      if (this.#pauseMs > 0 || this.#tally.size < this.#options.rows) return
    }
    void this.#write()
  }

  #write(): Promise<void> {
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Never rejects. */
  async #writeAll(): Promise<void> {
    try {
      for (;;) {
        this.#batch ??= this.#tally.take()
        if (this.#batch === undefined) break
        await this.#inTime(this.#ledger.write(this.#batch))
        this.#written += rowsOf(this.#batch)
        this.#lastWrittenAt = this.#now()
        this.#batch = undefined
      }
      this.#failure = undefined
      this.#pauseMs = 0
      this.#notBefore = performance.now() + this.#options.everyMs
      await this.#prune()
    } catch (error) {
      this.#failure = error
      this.#pauseMs = Math.min(Math.max(2 * this.#pauseMs, this.#options.everyMs), LONGEST_PAUSE_MS)
      // Processes whose database was away do not all come back at once.
      this.#notBefore = performance.now() + this.#pauseMs * (0.5 + Math.random() / 2)
    }
  }

  async #prune(): Promise<void> {
    if (this.#lastWrittenAt === undefined || (this.#prunedAt > 0 && performance.now() - this.#prunedAt < PRUNE_EVERY_MS)) return
    const more = await this.#inTime(this.#ledger.prune(this.#options.retention, this.#now()))
    if (!more) this.#prunedAt = performance.now()
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    const done = await patiently(
      work.then(value => ({ value })),
      this.#options.patienceMs,
      undefined,
      true,
    )
    if (done === undefined) throw new Error(`The database did not answer within ${this.#options.patienceMs} ms`)
    return done.value
  }
}

function rowsOf({ cells, reasons, entries, events }: Batch): number {
  return cells.length + reasons.length + entries.length + events.length
}
