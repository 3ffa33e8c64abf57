/** A promise that is settled from outside. */
export interface Gate<T = void> extends Promise<T> {
  /** Fulfils the promise. Only the first call of `open` and `fail` counts. */
  open(value: T): void
  /** Rejects the promise. A gate that fails with nobody waiting is not an unhandled rejection. */
  fail(error: unknown): void
}

/**
 * A promise with its `open` and `fail` outside, to hold work at a point until the test has done something else: concurrency without sleeping.
 * @example
 * const answer = gate<string>()
 * const load = cache.getOrSet('greeting', () => answer)
 * await cache.invalidate({ key: 'greeting' }) // in the middle of the load
 * answer.open('hello')
 * await load // 'hello', and not kept
 */
export function gate<T = void>(): Gate<T> {
  let settle: Pick<Gate<T>, 'open' | 'fail'> | undefined
  const promise = new Promise<T>((open, fail) => {
    settle = { open, fail }
  })
  promise.catch(() => undefined)
  return Object.assign(promise, settle)
}
