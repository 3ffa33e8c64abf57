/** The longest delay of a timer: a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** What the promise brings, or `undefined` if it takes longer than `ms`; what it brings after that goes to `late`. */
export async function patiently<T>(promise: Promise<T>, ms: number, late?: (value: T) => void): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>(resolve => {
    // A visitor's connection keeps the process alive; a refresh, for which nobody waits, must not.
    timer = setTimeout(resolve, Math.min(ms, MAX_DELAY_MS), undefined).unref()
  })
  try {
    const first = await Promise.race([promise.then(value => ({ value })), timeout])
    if (first === undefined && late !== undefined) promise.then(late, () => {})
    return first?.value
  } finally {
    clearTimeout(timer)
  }
}
