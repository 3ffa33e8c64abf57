import type { Clock } from '../time/clock.js'

/** So many hits are judged by one look at the clock, if they come fast. */
const HITS_PER_LOOK = 64
/** And for so long, ms. */
const LOOK_MS = 1
/** So many looks within one millisecond are what fast means. */
const FAST = 4
/** After this long the store is asked again, so that it knows what is asked for often. */
const TERM_MS = 1_000

/** The stamp while a hit is more than its answer, and that of an answer which is not good by itself: nothing equals either. */
const [DETOUR, NEVER] = [0, -1]

/**
 * What a hit has to compare for those who keep an answer ready made, one small number: an answer is good while the stamp is what it was given.
 *
 * The time is that of a look at the system's clock no more than 63 hits and a millisecond ago, or for as long as the program has let nothing
 * else run. Any other clock is looked at for each hit.
 */
export class Shortcut {
  /** Changes with every purge and every second. Equals that of no answer while a hit is more than its answer: somebody listens, or a load collects tags. */
  stamp = 1
  /** The time as of the last look, epoch ms. */
  now = 0
  /** How many hits are left to this look. */
  left = 0
  readonly #clock: Clock
  readonly #hitsPerLook: number
  #version = 1
  #termEnd = -Infinity
  #detours = 0
  #looks = 0
  #timed = false

  /** @param ticking whether the clock goes by itself */
  constructor(clock: Clock, ticking: boolean) {
    this.#clock = clock
    this.#hitsPerLook = ticking ? HITS_PER_LOOK : 0
  }

  /** Is a hit more than its answer? */
  get detoured(): boolean {
    return this.stamp === DETOUR
  }

  /** The stamp for an answer that is at hand and good until then, if nothing is purged. */
  stampUntil(until: number): number {
    return this.stamp === DETOUR || until < this.#termEnd ? NEVER : this.stamp
  }

  /** The time, for one hit. */
  time(): number {
    if (--this.left <= 0) this.look()
    return this.now
  }

  /** To be done where none is left. @returns true */
  look(): boolean {
    const now = this.#clock.now()
    this.#looks = now === this.now ? this.#looks + 1 : 0
    this.now = now
    if (now >= this.#termEnd || now < this.#termEnd - TERM_MS) this.#beginTerm(now)
    this.left = this.#looks < FAST ? 0 : this.#hitsPerLook
    if (this.left > 0 && !this.#timed) this.#endSoon()
    return true
  }

  /** Something was purged. */
  purged(): void {
    this.#version++
    this.#restamp()
  }

  /** A hit is more than its answer from now on, or no more so. */
  detour(begins: boolean): void {
    this.#detours += begins ? 1 : -1
    this.#restamp()
  }

  #beginTerm(now: number): void {
    this.#termEnd = (Math.floor(now / TERM_MS) + 1) * TERM_MS
    this.purged()
  }

  #restamp(): void {
    this.stamp = this.#detours > 0 ? DETOUR : this.#version
  }

  #endSoon(): void {
    this.#timed = true
    const end = () => {
      this.#timed = false
      this.left = 0
    }
    setTimeout(end, LOOK_MS).unref()
  }
}
