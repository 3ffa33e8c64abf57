/** One read: which version of which row came back, and when it was asked for (ms on the machine's monotonic clock). */
export interface ReadRecord {
  readonly row: number
  readonly version: number
  readonly startedAt: number
  readonly endedAt: number
  readonly from: 'cache' | 'origin'
}

/** One write: which version was committed, and when the invalidation after it resolved. One that rejected promises nothing and is left out. */
export interface WriteRecord {
  readonly row: number
  readonly version: number
  readonly resolvedAt: number
}

/** A read that began after an invalidation had resolved, and brought what is older than the write before it. */
export interface Violation {
  readonly read: ReadRecord
  /** The newest version whose invalidation had resolved when the read began. */
  readonly due: number
  /** How long before the read the invalidation had resolved, ms. */
  readonly lateMs: number
}

/** Holds every read against the writes: the promise of `invalidate()`, checked from outside. */
export function violations(reads: readonly ReadRecord[], writes: readonly WriteRecord[]): readonly Violation[] {
  const due = new Map<number, { readonly resolvedAt: number; readonly version: number }[]>()
  for (const write of writes.toSorted((a, b) => a.resolvedAt - b.resolvedAt)) {
    const steps = due.get(write.row) ?? []
    due.set(write.row, steps)
    steps.push({ resolvedAt: write.resolvedAt, version: Math.max(write.version, steps.at(-1)?.version ?? 0) })
  }
  return reads.flatMap(read => {
    const step = lastBefore(due.get(read.row) ?? [], read.startedAt)
    if (step === undefined || read.version >= step.version) return []
    return [{ read, due: step.version, lateMs: read.startedAt - step.resolvedAt }]
  })
}

function lastBefore<T extends { readonly resolvedAt: number }>(steps: readonly T[], instant: number): T | undefined {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((steps[middle]?.resolvedAt ?? Infinity) < instant) low = middle + 1
    else high = middle
  }
  return steps[low - 1]
}
