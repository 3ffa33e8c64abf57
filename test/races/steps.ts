/** Chance, the same each time for the same seed (mulberry32). */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d_2b_79_f5) | 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * end)
  }

  once(in_: number): boolean {
    return this.below(in_) === 0
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T
  }
}

/** Work that waits at every step until chance lets it go on: each seed is one interleaving. */
export class Steps {
  readonly #waiting: (() => void)[] = []
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Waits its turn. */
  readonly pause = (): Promise<void> => new Promise(resolve => void this.#waiting.push(resolve))

  /** Lets one of those who wait go on, as far as its next step. */
  async next(): Promise<void> {
    const [resolve] = this.#waiting.splice(this.#chance.below(this.#waiting.length), 1)
    resolve?.()
    await settled()
  }
}

/** Waits until all that can happen without another step has happened. */
export async function settled(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}
