import type { Engine } from '../cache/engine.js'
import type { QueryExplanation } from '../cache/kept-queries.js'
import { deleteAt, type Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import { splitName } from '../keys/names.js'
import { rowsRead } from './row-tags.js'
import type { Statement } from './statements.js'

/** Where an answer is kept (a full name), or why it is not. */
type Place = { readonly key: string } | { readonly reason: string }

/** What is known of a query whose answer would be kept there. @throws {StoreError} */
export async function explainQuery(
  engine: Engine,
  place: Place,
  { sql, bindings }: { readonly sql: string; readonly bindings: readonly unknown[] },
  { footprint, onRows }: Statement,
): Promise<QueryExplanation> {
  const rows = onRows && rowsRead(onRows, bindings)
  const read = {
    sql,
    tables: [...footprint.tables].toSorted(),
    rows: rows && rows.spelled.map(one => `${rows.table} ${rows.column}=${one}`),
  }
  if ('reason' in place) return { ...read, outcome: 'bypass', reason: place.reason, key: undefined, entry: undefined }
  // Looking is no hit.
  const entry = engine.store.peek(place.key) ?? (await engine.door.read(place.key, false)).entry
  const verdict = entry === undefined ? 'absent' : judge(entry, engine.clock.now())
  const outcome = verdict === 'fresh' ? 'hit' : verdict === 'stale' ? 'stale' : 'miss'
  const reason = { fresh: undefined, stale: 'expired', spare: 'expired', gone: 'expired', absent: 'absent' }[verdict]
  return { ...read, outcome, reason, key: splitName(place.key).name, entry: entry && kept(entry) }
}

function kept(entry: Entry): QueryExplanation['entry'] {
  const { createdAt, staleAt, bytes } = entry
  return { createdAt, staleAt, deleteAt: deleteAt(entry), bytes }
}
