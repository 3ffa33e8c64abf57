import type { Entry } from '../entries/entry.js'
import { chanceOfRefresh } from '../freshness/refresh-ahead.js'
import { Scope } from '../scope/scope.js'
import type { Engine } from './engine.js'
import type { Policy } from './policy.js'
import type { Lead } from './visit.js'

/** Is who was served the fresh entry to refresh it ahead of its time? Not where somebody does, or where it would be fresh no longer for that. */
export function wantsRefresh({ clock, flights }: Engine, entry: Entry, { refreshAhead, schedule }: Policy): boolean {
  if (refreshAhead === 1) return false
  const now = clock.now()
  return Math.random() < chanceOfRefresh(entry, refreshAhead, now) && flights.find(entry.key) === undefined && schedule(now) > entry.staleAt
}

/** The right to load the entry's key ahead of its time; nothing if another has it, or has made use of it. */
export async function leadAhead(engine: Engine, { key, staleAt, name }: Entry, tags: readonly string[]): Promise<Lead | undefined> {
  const { flights, door, clock, closed } = engine
  if (closed) return undefined
  const scope = new Scope(tags)
  const flight = flights.open(key, scope.tags, name)
  // As if it were stale already: that is when the store gives a lease.
  const reading = await door.readToLoad(key, staleAt)
  if (reading?.lease === undefined) {
    flights.land(flight, { state: 'abandoned' })
    return undefined
  }
  const { position, journal, lease } = reading
  return { flight, position, journal, lease, scope, begunAt: clock.monotonic(), supersedes: false, because: 'refresh' }
}
