/** Times are counted up to these bounds, ms; the last count is of those that were longer. */
export const BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000] as const

/** Which count a time belongs to. */
export function bucketOf(ms: number): number {
  const at = BOUNDS.findIndex(bound => ms <= bound)
  return at === -1 ? BOUNDS.length : at
}

/**
 * The time (ms) that this share of all did not exceed, as far as the bounds can tell: between two of them the times are taken to lie evenly.
 * `undefined` of none.
 */
export function quantile(counts: readonly number[], share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined
  let left = share * total
  for (const [at, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const low = BOUNDS[at - 1] ?? 0
      const high = BOUNDS[at] ?? low
      return low + (high - low) * (left / count)
    }
    left -= count
  }
  return BOUNDS.at(-1)
}
