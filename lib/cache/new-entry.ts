import type { Entry } from '../entries/entry.js'
import type { Keepable } from '../entries/keepable.js'
import { permanentName } from '../keys/table.js'
import type { Clock } from '../time/clock.js'
import type { Policy } from './policy.js'
import type { Lead } from './visit.js'

/** What an entry occupies besides its value, key and tags: its own fields, its place in a map and in a list. */
const ENTRY_BYTES = 200

/** An entry as of now: of what the lead has loaded, with all that it turned out to depend on, or of a value that nobody loaded. */
export function newEntry(key: string, { value, bytes, shareable }: Keepable, policy: Policy, clock: Clock, lead?: Lead): Entry {
  const createdAt = clock.now()
  const collected = lead === undefined ? policy.tags : [...lead.scope.tags]
  const tags = policy.permanent === true ? collected.map(permanentName) : collected
  return {
    key,
    value,
    shareable,
    tags,
    createdAt,
    loadMs: lead === undefined ? 0 : clock.monotonic() - lead.begunAt,
    graceMs: policy.graceMs,
    staleIfErrorMs: policy.staleIfErrorMs,
    bytes: bytes + 2 * key.length + 8 * tags.length + ENTRY_BYTES,
    staleAt: Math.min(policy.schedule(createdAt), lead?.scope.staleAt ?? Infinity),
    position: lead?.position ?? 0,
    hits: 0,
    attached: undefined,
    name: lead?.flight.name ?? policy.name,
  }
}
