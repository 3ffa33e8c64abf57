import { alarm } from './alarm.js'
import type { Clock } from './clock.js'

/** A clock on the wall may go back by this much in all without being taken for set back: it is corrected all the time, a little. */
const TOLERANCE_MS = 1_000

/**
 * A clock that notices when the wall is set back, by the monotonic clock beside it. At most once for each reading of the wall, so that of
 * many questions within a millisecond only the first costs more.
 */
export class WatchedClock implements Clock {
  readonly #clock: Clock
  readonly #setBack: () => void
  #seen = NaN
  /** How far the wall has been ahead of the monotonic clock. */
  #ahead = -Infinity

  /** @param setBack called in the first question after it, before that is answered */
  constructor(clock: Clock, setBack: () => void) {
    this.#clock = clock
    this.#setBack = setBack
  }

  now(): number {
    const now = this.#clock.now()
    if (now !== this.#seen) this.#compare(now)
    return now
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  alarm(at: number, ring: () => void): () => void {
    return alarm(this.#clock, at, ring)
  }

  #compare(now: number): void {
    this.#seen = now
    const ahead = now - this.#clock.monotonic()
    const setBack = ahead < this.#ahead - TOLERANCE_MS
    if (setBack || ahead > this.#ahead) this.#ahead = ahead
    if (setBack) this.#setBack()
  }
}
