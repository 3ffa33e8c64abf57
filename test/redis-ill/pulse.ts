import { setTimeout as wait } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { RunningClock } from './running-clock.js'

/** Asks a server that is able to answer, again and again: how long it takes is the machine's doing. */
export class Pulse {
  readonly #client: Redis
  readonly #clock: RunningClock
  #longestMs = 0
  #askedAt: number | undefined

  constructor(client: Redis, clock: RunningClock) {
    this.#client = client
    this.#clock = clock
    void this.#beat()
  }

  /** The longest that it has taken, or takes by now. */
  get longestMs(): number {
    return Math.max(this.#longestMs, this.#askedAt === undefined ? 0 : this.#clock.now() - this.#askedAt)
  }

  /** Ends with its client. */
  async #beat(): Promise<void> {
    try {
      for (;;) {
        this.#askedAt = this.#clock.now()
        await this.#client.ping()
        this.#longestMs = this.longestMs
        this.#askedAt = undefined
        await wait(10)
      }
    } catch {
      this.#askedAt = undefined
    }
  }
}
