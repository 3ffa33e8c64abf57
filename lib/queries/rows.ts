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
  const own = { ...row }
  // An object that begins without a prototype is a dictionary: ten times as slow to copy, and slow to whoever reads it.
  return Object.getPrototypeOf(row) === null ? (Object.setPrototypeOf(own, null) as object) : own
}

function isPlain(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && PLAIN.has(Object.getPrototypeOf(value) as object | null)
}

const PLAIN = new Set<object | null>([Object.prototype, null])
