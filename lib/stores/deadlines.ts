import { performance } from 'node:perf_hooks'

interface Deadline {
  readonly at: number
  over(): void
}

/** Deadlines that are all as far away when they are set, with one timer for all of them. */
export class Deadlines {
  readonly #ms: number
  /** In the order in which they were set, and are due. */
  readonly #set = new Set<Deadline>()
  #timer: NodeJS.Timeout | undefined

  constructor(ms: number) {
    this.#ms = ms
  }

  /** Calls `over` when the time is over, unless what is returned is called before. Until then the process stays alive. */
  begin(over: () => void): () => void {
    const deadline = { at: performance.now() + this.#ms, over }
    this.#set.add(deadline)
    if (this.#timer === undefined) this.#wait(this.#ms)
    else if (this.#set.size === 1) this.#timer.ref()
    return () => {
      this.#set.delete(deadline)
      if (this.#set.size === 0) this.#timer?.unref()
    }
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      const now = performance.now()
      // While this process itself was busy, what is waited for may have come and not been looked at: it is, before the immediate.
      setImmediate(() => this.#end(now))
    }, ms)
  }

  #end(now: number): void {
    this.#timer = undefined
    for (const deadline of this.#set) {
      // Timers may be early by a fraction.
      const left = deadline.at - now
      if (left > 1) return this.#wait(left)
      this.#set.delete(deadline)
      deadline.over()
    }
  }
}
