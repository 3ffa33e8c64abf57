/** Where the time comes from: handed in, so that tests can hold it still. */
export interface Clock {
  /** The instant on the wall, in epoch milliseconds. */
  now(): number
  /** Milliseconds from an arbitrary start, never set back: for measuring how long something took. */
  monotonic(): number
  /**
   * Calls `ring` once the wall has come to an instant, unless the returned function was called before.
   * @default timers that look at `now()`
   */
  alarm?(at: number, ring: () => void): () => void
}

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
})
