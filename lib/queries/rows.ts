import { handedOut } from '../entries/keepable.js'

/** A caller's own copy of a kept answer, which he may change. */
export function ownRows(kept: unknown): unknown {
  if (!Array.isArray(kept)) return isPlain(kept) ? ownRow(kept) : handedOut(kept)
  const rows: readonly unknown[] = kept
  return rows.map(row => (isPlain(row) ? ownRow(row) : handedOut(row)))
}

type Row = Readonly<Record<string, unknown>>

/** Most columns are primitives, which need no copy. */
function ownRow(row: Row): unknown {
  for (const name in row) if (typeof row[name] === 'object' && row[name] !== null) return handedOut(row)
  return Object.getPrototypeOf(row) === null ? Object.assign(Object.create(null) as object, row) : { ...row }
}

function isPlain(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && PLAIN.has(Object.getPrototypeOf(value) as object | null)
}

const PLAIN = new Set<object | null>([Object.prototype, null])
