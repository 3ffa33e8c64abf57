/** The longest delay of a timer: a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * What the promise brings, or `undefined` if it takes longer than `ms`; what it brings after that goes to `late`.
 * @param attended whether the process is kept alive to see it end
 */
export async function patiently<T>(promise: Promise<T>, ms: number, late?: (value: T) => void, attended = false): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>(resolve => {
    timer = setTimeout(resolve, Math.min(ms, MAX_DELAY_MS), undefined)
    if (!attended) timer.unref()
  })
  try {
    const first = await Promise.race([promise.then(value => ({ value })), timeout])
    if (first === undefined && late !== undefined) promise.then(late, () => {})
    return first?.value
  } finally {
    clearTimeout(timer)
  }
}
