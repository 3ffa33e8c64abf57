import type { Entry } from '../entries/entry.js'
import { Journal } from '../journal/journal.js'
import type { Purge } from '../journal/purge.js'

/** Of keys, so many purges are remembered. */
const MAX_KEYS = 16_384

/**
 * What this process has heard of the purges of one far journal: all there were since a position. It judges whatever bears a position, of
 * whatever age it is and wherever it was found.
 */
export class Hearing {
  readonly journal = new Journal()
  /**
   * Purges of keys, each as if its entry had the key for a tag. What they ended is gone from the far tier, but may come back in an older
   * copy of it: from a snapshot, or a replica that lags. [plainkeys]
   */
  readonly #keys = new Journal({ maxMarks: MAX_KEYS })

  /** Positions below this were not heard, or are forgotten. */
  get since(): number {
    return Math.max(this.journal.floor, this.#keys.floor)
  }

  append(purge: Purge, position: number): void {
    this.journal.append(purge, position)
    if (purge.kind === 'key') this.#keys.append({ ...purge, kind: 'tag' }, position)
  }

  /** Nothing is known any more of what was purged before `position`. */
  beginAnew(position: number): void {
    this.journal.restart(position)
    this.#keys.restart(position)
  }

  /** The entry as it is after all that was heard since its position, or nothing if that has ended it or cannot be known. [plain] */
  judged(entry: Entry): Entry | undefined {
    const { journal } = this
    if (entry.position >= journal.position) return entry
    const ofKey = { key: entry.key, tags: [entry.key], position: entry.position }
    if (journal.ended(entry) || this.#keys.ended(ofKey)) return undefined
    const staleAt = Math.min(entry.staleAt, journal.outdatedAt(entry), this.#keys.outdatedAt(ofKey))
    return { ...entry, staleAt, position: journal.position }
  }
}
