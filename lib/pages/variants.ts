import { LRUCache } from 'lru-cache'

/** How many paths are watched for their variants; beyond it, those asked for longest ago are counted anew. */
const MAX_PATHS = 1_000

/** Bounds how many variants of one path are kept, so that a header or cookie of no meaning cannot fill the store. */
export class Variants {
  readonly #paths = new LRUCache<string, Set<string>>({ max: MAX_PATHS })
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** Notes that the variant `key` of `path` is kept. Returns the one to let go of in exchange, if there are too many. */
  note(path: string, key: string): string | undefined {
    const kept = this.#paths.get(path) ?? new Set()
    this.#paths.set(path, kept)
    kept.delete(key)
    kept.add(key)
    if (kept.size <= this.#max) return undefined
    const [oldest] = kept
    if (oldest !== undefined) kept.delete(oldest)
    return oldest
  }
}
