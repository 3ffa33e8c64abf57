import type { Entry } from '../entries/entry.js'

/** Of so many hits one is timed. */
const TIMED_OF = 32
/** So many times of one entry are told at most. */
const MAX_TIMES = 8

interface Noted {
  readonly timesMs: number[]
}

/**
 * Counts hits for who wants to hear of them now and then. Entries count their own hits anyway: here is only noted which of them were served
 * since the last telling, so that a hit costs next to nothing.
 */
export class HitTally {
  readonly #tell: (entry: Entry, count: number, timesMs: readonly number[]) => void
  readonly #begin: () => void
  readonly #noted = new Map<Entry, Noted>()
  /** How many hits of an entry have been told, or came before anybody listened. */
  #told = new WeakMap<Entry, number>()
  #left = TIMED_OF
  #listening = false

  /**
   * @param begin called when there is something to tell, and nothing was before
   * @param tell called for each entry that has been served since it was told of last
   */
  constructor(begin: () => void, tell: (entry: Entry, count: number, timesMs: readonly number[]) => void) {
    this.#begin = begin
    this.#tell = tell
  }

  /** Whether anybody wants to hear of hits. */
  get listening(): boolean {
    return this.#listening
  }

  listen(listening: boolean): void {
    this.#listening = listening
    this.#noted.clear()
    this.#told = new WeakMap()
  }

  /** The entry has just been served, and has counted it. */
  note(entry: Entry): void {
    if (!this.#noted.has(entry)) this.#begun(entry, total(entry) - 1)
  }

  /** Is this hit one of those that are timed? */
  isDue(): boolean {
    if (--this.#left > 0) return false
    this.#left = TIMED_OF
    return true
  }

  /** A hit of the entry, which has been noted, took so long. */
  time(entry: Entry, ms: number): void {
    const timesMs = this.#noted.get(entry)?.timesMs
    if (timesMs !== undefined && timesMs.length < MAX_TIMES) timesMs.push(ms)
  }

  /** Tells what there is to tell. What is handed out ready made may be served without a word: it is looked at again next time. */
  tellAll(): void {
    const noted = [...this.#noted]
    this.#noted.clear()
    for (const [entry, { timesMs }] of noted) {
      const count = total(entry) - (this.#told.get(entry) ?? 0)
      this.#told.set(entry, total(entry))
      if (entry.attached?.live === true) this.#begun(entry, total(entry))
      if (count > 0) this.#tell(entry, count, timesMs)
    }
  }

  #begun(entry: Entry, before: number): void {
    if (!this.#told.has(entry)) this.#told.set(entry, before)
    if (this.#noted.size === 0) this.#begin()
    this.#noted.set(entry, { timesMs: [] })
  }
}

function total({ hits, attached }: Entry): number {
  return hits + (attached?.hits ?? 0)
}
