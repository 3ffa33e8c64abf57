/** So many are remembered. */
const MAX_REMEMBERED = 10_000
/** Hits are told by then of what they were of, ms. */
const TOLD_MS = 3_000

interface Fill {
  readonly createdAt: number
  readonly bytes: number
  served: boolean
}

interface Ended {
  readonly fill: Fill
  readonly at: number
  readonly wasted: () => void
}

/**
 * What was filled lately, to tell whether it was of any use. Hits are told a little after they happened: so it is said a little later, too, what was
 * wasted.
 */
export class RecentFills {
  readonly #fills = new Map<string, Fill>()
  /** What was replaced, the fills that are not told of yet, by when they were. */
  readonly #ended = new Map<string, Ended>()

  /**
   * @param wasted called, if what was there before had ended before it was served
   * @returns how large it was
   */
  fill(key: string, fill: { readonly createdAt: number; readonly bytes: number }, wasted: (() => void) | undefined): number | undefined {
    const before = this.#fills.get(key)
    this.#fills.delete(key)
    this.#fills.set(key, { createdAt: fill.createdAt, bytes: fill.bytes, served: false })
    if (before?.served === false && wasted !== undefined)
      this.#ended.set(`${before.createdAt} ${key}`, { fill: before, at: fill.createdAt, wasted })
    const [oldest = ''] = this.#fills.keys()
    if (this.#fills.size > MAX_REMEMBERED) this.#fills.delete(oldest)
    return before?.bytes
  }

  /** What was created then has been served. */
  serve(key: string, createdAt: number): void {
    const fill = this.#fills.get(key)
    if (fill?.createdAt === createdAt) fill.served = true
    this.#ended.delete(`${createdAt} ${key}`)
  }

  /** It made room for others: nobody knows whether it would have been of use. */
  evict(key: string): void {
    this.#fills.delete(key)
  }

  /** Says what was wasted, of all whose hits must have been told by now. */
  settle(now = Infinity): void {
    for (const [id, { at, wasted }] of this.#ended) {
      if (at + TOLD_MS > now) return
      this.#ended.delete(id)
      wasted()
    }
  }
}
