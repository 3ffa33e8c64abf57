/** News of a lease that has ended may be lost: after this long it is worth looking again. */
const LOOK_AGAIN_MS = 1_000

/** An ear for the end of one key's lease. */
export interface Listening {
  /** Waits until it is worth looking whether it has ended, and listens no more: whoever held it let it go, or no news come, or `ms` are over. */
  released(ms: number): Promise<void>
  end(): void
}

/** Wakes those who wait for fill leases that others hold. */
export class LeaseEnds {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Listens for the end of the key's lease, from now on: it may be told of before the answer comes that the lease is taken. */
  listenFor(key: string): Listening {
    const waiting = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, waiting)
    let wake = () => {}
    const woken = new Promise<void>(resolve => {
      wake = resolve
    })
    waiting.add(wake)
    const end = () => {
      waiting.delete(wake)
      if (waiting.size === 0 && this.#waiting.get(key) === waiting) this.#waiting.delete(key)
    }
    const released = async (ms: number) => {
      const timer = setTimeout(wake, Math.min(ms, LOOK_AGAIN_MS))
      await woken
      clearTimeout(timer)
      end()
    }
    return { released, end }
  }

  wake(key: string): void {
    for (const wake of this.#waiting.get(key) ?? []) wake()
  }

  /** Without news, those who wait had better see for themselves. */
  wakeAll(): void {
    for (const waiting of this.#waiting.values()) for (const wake of waiting) wake()
  }
}
