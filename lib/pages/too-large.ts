/** How many are remembered; beyond it, those noted longest ago are forgotten. */
const MAX_KEYS = 1_000

/**
 * Pages that turned out too large to be kept. Who asks for a part of one is left to the handler, which would otherwise make the whole for
 * each part, for nothing.
 */
export class TooLarge {
  readonly #keys = new Set<string>()

  note(key: string): void {
    this.#keys.delete(key)
    this.#keys.add(key)
    const [oldest] = this.#keys
    if (this.#keys.size > MAX_KEYS && oldest !== undefined) this.#keys.delete(oldest)
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }
}
