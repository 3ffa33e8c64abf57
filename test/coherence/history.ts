/** What one read brought of one row, and when it was asked for (ms on the machine's monotonic clock). */
export interface ReadRecord {
  readonly row: number
  readonly version: number
  readonly startedAt: number
  /** Whether it was loaded for this read, or answered by what another load had brought. */
  readonly from: 'cache' | 'origin'
}

/** One write: which version was committed, and when the invalidation after it resolved. One that never resolved promises nothing and is left out. */
export interface WriteRecord {
  readonly row: number
  readonly version: number
  /** When COMMIT had returned. */
  readonly committedAt: number
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
  const promised = byRow(
    writes,
    ({ resolvedAt }) => resolvedAt,
    (step, before) => ({ ...step, version: Math.max(step.version, before?.version ?? 0) }),
  )
  return reads.flatMap(read => {
    const step = lastBefore(promised.get(read.row) ?? [], ({ resolvedAt }) => resolvedAt, read.startedAt)
    if (step === undefined || read.version >= step.version) return []
    return [{ read, due: step.version, lateMs: read.startedAt - step.resolvedAt }]
  })
}

/**
 * The longest time for which anything read had been out of date when it was asked for, ms: since COMMIT, so that it is no violation as long as the
 * invalidation had not resolved.
 */
export function worstStalenessMs(reads: readonly ReadRecord[], writes: readonly WriteRecord[]): number {
  const committed = byRow(writes, ({ version }) => version)
  return reads.reduce((worst, { row, version, startedAt }) => {
    const all = committed.get(row) ?? []
    const newer = all[countBefore(all, write => write.version, version + 1)]
    return Math.max(worst, startedAt - (newer?.committedAt ?? Infinity))
  }, 0)
}

function byRow(
  writes: readonly WriteRecord[],
  order: (write: WriteRecord) => number,
  step = (write: WriteRecord, _before: WriteRecord | undefined) => write,
): ReadonlyMap<number, readonly WriteRecord[]> {
  const rows = new Map<number, WriteRecord[]>()
  for (const write of writes.toSorted((a, b) => order(a) - order(b))) {
    const steps = rows.get(write.row) ?? []
    rows.set(write.row, steps)
    steps.push(step(write, steps.at(-1)))
  }
  return rows
}

function lastBefore<T>(steps: readonly T[], at: (step: T) => number, instant: number): T | undefined {
  return steps[countBefore(steps, at, instant) - 1]
}

/** How many of the steps, which are in order, are below the bound. */
function countBefore<T>(steps: readonly T[], at: (step: T) => number, bound: number): number {
  let [low, high] = [0, steps.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const step = steps[middle]
    if (step !== undefined && at(step) < bound) low = middle + 1
    else high = middle
  }
  return low
}
