import { deleteAt, type Entry } from './entry.js'

/**
 * What an entry is good for at an instant: `fresh` is served; `stale` is served while it is refreshed; a `spare` is served only when a
 * load fails; `gone` is not served. Nothing else in the house compares an entry's instants with the time.
 */
export type Verdict = 'fresh' | 'stale' | 'spare' | 'gone'

export function judge(entry: Entry, now: number): Verdict {
  if (now < entry.staleAt) return 'fresh'
  if (now < entry.staleAt + entry.graceMs) return 'stale'
  return now < deleteAt(entry) ? 'spare' : 'gone'
}
