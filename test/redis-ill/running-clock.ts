/** Timers are late by a few ms on any machine. */
const [TICK_MS, LATE_MS] = [10, 50]

/** A clock that stands still while this process does: it was stopped, or others had the processor. What it measures is the program's own doing. */
export class RunningClock {
  readonly #timer: NodeJS.Timeout
  #tickedAt = performance.now()
  #lostMs = 0

  constructor() {
    this.#timer = setInterval(() => {
      this.#lostMs += this.#late
      this.#tickedAt = performance.now()
    }, TICK_MS)
    this.#timer.unref()
  }

  /** ms, from whenever. */
  now(): number {
    return performance.now() - this.#lostMs - this.#late
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  get #late(): number {
    const late = performance.now() - this.#tickedAt - TICK_MS
    return late > LATE_MS ? late : 0
  }
}
