import type { Entry } from '../entries/entry.js'

/** Of so many hits one is timed. */
const TIMED_OF = 32
/** So many times of one entry are told at most. */
const MAX_TIMES = 8

/** How long some of the hits took: of what was at hand, and of what the store was asked for. */
export interface HitTimes {
  readonly timesMs: number[]
  readonly storeTimesMs: number[]
}

/**
 * Counts hits for who wants to hear of them now and then. Entries count their own hits anyway: here is only noted which of them were served
 * since the last telling, so that a hit costs next to nothing.
 */
export class HitTally {
  readonly #tell: (entry: Entry, count: number, times: HitTimes) => void
  readonly #begin: () => void
  readonly #monotonic: () => number
  readonly #noted = new Map<Entry, HitTimes>()
  /** How many hits of an entry have been told, or came before anybody listened. */
  #told = new WeakMap<Entry, number>()
  #left = TIMED_OF
  #begunAt = 0
  #listening = false

  /**
   * @param monotonic the time, ms
   * @param begin called when there is something to tell, and nothing was before
   * @param tell called for each entry that has been served since it was told of last
   */
  constructor(monotonic: () => number, begin: () => void, tell: (entry: Entry, count: number, times: HitTimes) => void) {
    this.#monotonic = monotonic
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

  /** A look for what is at hand begins; of some of those that turn out to be hits it is told how long they took. */
  begin(): void {
    this.#begunAt = 0
    if (!this.#listening || --this.#left > 0) return
    this.#left = TIMED_OF
    this.#begunAt = this.#monotonic()
  }

  /**
   * The entry has just been served, and has counted it. The look for it began in this turn, or when the store was asked for it, at `askedAt`.
   */
  note(entry: Entry, askedAt?: number): void {
    const noted = this.#noted.get(entry) ?? this.#opened(entry, total(entry) - 1)
    const times = askedAt === undefined ? noted.timesMs : noted.storeTimesMs
    const begunAt = askedAt ?? this.#begunAt
    if (begunAt > 0 && times.length < MAX_TIMES) times.push(this.#monotonic() - begunAt)
    this.#begunAt = 0
  }

  /** Tells what there is to tell. What is handed out ready made may be served without a word: it is looked at again next time. */
  tellAll(): void {
    const noted = [...this.#noted]
    this.#noted.clear()
    for (const [entry, times] of noted) {
      const count = total(entry) - (this.#told.get(entry) ?? 0)
      this.#told.set(entry, total(entry))
      if (entry.attached?.live === true) this.#opened(entry, total(entry))
      if (count > 0) this.#tell(entry, count, times)
    }
  }

  #opened(entry: Entry, before: number): HitTimes {
    if (!this.#told.has(entry)) this.#told.set(entry, before)
    if (this.#noted.size === 0) this.#begin()
    const noted: HitTimes = { timesMs: [], storeTimesMs: [] }
    this.#noted.set(entry, noted)
    return noted
  }
}

function total({ hits, attached }: Entry): number {
  return hits + (attached?.hits ?? 0)
}
