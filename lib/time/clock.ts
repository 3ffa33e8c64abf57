/** Where the time comes from: handed in, so that tests can hold it still. */
export interface Clock {
  /** The instant on the wall, in epoch milliseconds. */
  now(): number
  /** Milliseconds from an arbitrary start, never set back: for measuring how long something took. */
  monotonic(): number
}

export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  monotonic: () => performance.now(),
})
