/** How many are remembered; beyond it, those noted longest ago are forgotten. */
const MAX_KEYS = 1_000

/**
 * Pages that turned out not to be kept, and why, though parts of them may be asked for. Who asks for a part of one is left to the handler, which
 * would otherwise make the whole for each part, for nothing.
 */
export class Unkept {
  readonly #reasons = new Map<string, string>()

  note(key: string, reason: string): void {
    this.#reasons.delete(key)
    this.#reasons.set(key, reason)
    const [oldest] = this.#reasons.keys()
    if (this.#reasons.size > MAX_KEYS && oldest !== undefined) this.#reasons.delete(oldest)
  }

  /** It has been kept after all. */
  forget(key: string): void {
    this.#reasons.delete(key)
  }

  reasonOf(key: string): string | undefined {
    return this.#reasons.get(key)
  }
}
