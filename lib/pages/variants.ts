import type { Engine } from '../cache/engine.js'
import { notForFront, type PageKey } from './page-key.js'

/** How many paths are watched; beyond it, those that something was kept of longest ago are counted anew. */
const MAX_PATHS = 1_000

/** How many are looked at for one that nobody has asked for since it was kept. */
const MAX_LOOKS = 16

/** Keys in the order in which they were kept, each with how often it had been served when it was last looked at. */
type Kept = Map<string, number>

/** How many variants, and how many queries, of one path. */
interface Limits {
  readonly maxVariants: number
  readonly maxQueries: number
}

/** Bounds how much is kept of one path, so that headers, cookies or parameters of no meaning cannot fill the store. */
export class Variants {
  readonly #engine: Engine
  readonly #prefix: string
  readonly #max: Limits
  readonly #withdraw: (key: string) => void
  readonly #variants = new Map<string, Kept>()
  readonly #queries = new Map<string, Kept>()

  /** @param withdraw ends what is kept under a key */
  constructor(engine: Engine, prefix: string, max: Limits, withdraw: (key: string) => void) {
    this.#engine = engine
    this.#prefix = prefix
    this.#max = max
    this.#withdraw = withdraw
  }

  /** Notes that something is kept under `key`, and lets go of something else in exchange, if that is too much. */
  note(where: PageKey, key: string): void {
    const inside = where.kept === 'front' ? notForFront(where, this.#prefix) : where
    if (key !== where.plain && key !== inside.plain) this.#noteIn(this.#variants, inside.path, key, this.#max.maxVariants)
    else if (inside.plain !== inside.path) this.#noteIn(this.#queries, inside.path, key, this.#max.maxQueries)
  }

  /** The same of a rule, which lies where the page was first looked for. */
  noteRule(where: PageKey): void {
    const inside = where.kept === 'front' ? notForFront(where, this.#prefix) : where
    if (inside.key !== inside.path) this.#noteIn(this.#queries, inside.path, where.key, this.#max.maxQueries)
  }

  #noteIn(paths: Map<string, Kept>, path: string, key: string, max: number): void {
    const kept: Kept = paths.get(path) ?? new Map<string, number>()
    paths.delete(path)
    paths.set(path, kept)
    if (paths.size > MAX_PATHS) takeOldest(paths)
    kept.delete(key)
    const superfluous = kept.size >= max ? this.#takeSuperfluous(kept) : undefined
    kept.set(key, 0)
    if (superfluous !== undefined) this.#withdraw(superfluous)
  }

  /** The oldest that nobody has asked for: who makes up parameters asks for each of them once, and must not push out what others read. */
  #takeSuperfluous(kept: Kept): string | undefined {
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      const [[key, seen] = []] = kept
      const hits = key === undefined ? 0 : this.#hitsOf(key)
      if (key === undefined || seen === undefined || hits <= seen) break
      kept.delete(key)
      kept.set(key, hits)
    }
    return takeOldest(kept)
  }

  #hitsOf(key: string): number {
    const entry = this.#engine.atHand(key)
    return entry === undefined ? 0 : entry.hits + (entry.attached?.hits ?? 0)
  }
}

/** Takes out what was put in first. */
function takeOldest(collection: Map<string, unknown>): string | undefined {
  const [oldest] = collection.keys()
  if (oldest !== undefined) collection.delete(oldest)
  return oldest
}
