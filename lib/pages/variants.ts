/** How many paths are watched for their variants; beyond it, those asked for longest ago are counted anew. */
const MAX_PATHS = 1_000

/** Bounds how many variants of one path are kept, so that a header or cookie of no meaning cannot fill the store. */
export class Variants {
  readonly #paths = new Map<string, Set<string>>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** Notes that the variant `key` of `path` is kept. Returns the one to let go of in exchange, if there are too many. */
  note(path: string, key: string): string | undefined {
    const kept = this.#paths.get(path) ?? new Set()
    this.#paths.delete(path)
    this.#paths.set(path, kept)
    if (this.#paths.size > MAX_PATHS) takeOldest(this.#paths)
    kept.delete(key)
    kept.add(key)
    return kept.size > this.#max ? takeOldest(kept) : undefined
  }
}

/** Takes out what was put in first. */
function takeOldest(collection: Map<string, unknown> | Set<string>): string | undefined {
  const [oldest] = collection.keys()
  if (oldest !== undefined) collection.delete(oldest)
  return oldest
}
