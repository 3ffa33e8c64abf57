import { deleteAt, type Entry } from './entry.js'

/**
 * What an entry is good for at an instant: `fresh` is served; `stale` is served while it is refreshed; a `spare` is served only when a
 * load fails; `gone` is not served. Nothing else in the house compares an entry's instants with the time.
 */
export type Verdict = 'fresh' | 'stale' | 'spare' | 'gone'

/** Clocks of processes that share a store may differ by this. */
const SKEW_MS = 60_000

export function judge(entry: Entry, now: number): Verdict {
  // Kept by a clock that is ahead of this one, or this one was set back: nobody can tell how old it is.
  if (entry.createdAt - now > SKEW_MS) return 'gone'
  if (now < entry.staleAt) return 'fresh'
  if (now < entry.staleAt + entry.graceMs) return 'stale'
  return now < deleteAt(entry) ? 'spare' : 'gone'
}
