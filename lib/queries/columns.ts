/**
 * How a column compares what is in it. Only of whole numbers and plain text is it known which values count as equal; a date, a fraction or an address of a
 * network is written in more ways than one.
 */
export type ColumnKind = 'whole' | 'text'

/** A column of a table. Names in lower case. */
export interface Column {
  readonly table: string
  readonly column: string
  /** `undefined` where rows cannot be told apart by it. */
  readonly kind: ColumnKind | undefined
  /** It belongs to the primary key. */
  readonly key?: boolean
  /** The database numbers it when a row is inserted without it. */
  readonly generated?: boolean
}

/** One by which rows can be told apart. */
export type TellingColumn = Column & { readonly kind: ColumnKind }

const MAX_LENGTH = 100

/**
 * The same for all values that the database may take for equal in a column of this kind, and seldom for others; `undefined` where that cannot be said. Text is
 * compared here without regard to case, blanks and punctuation, as some collations and types do.
 */
export function spelling(kind: ColumnKind, value: unknown): string | undefined {
  return kind === 'whole' ? wholeNumber(value) : plainText(value)
}

function wholeNumber(value: unknown): string | undefined {
  const digits = typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : value
  // Longer ones may be compared as floating numbers, of which several are one.
  return typeof digits === 'string' && /^(?:0|-?[1-9]\d{0,14})$/.test(digits) ? digits : undefined
}

function plainText(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > MAX_LENGTH || !/^[\x20-\x7E]*$/.test(value)) return undefined
  return value.toLowerCase().replaceAll(/[^a-z\d]/g, '')
}
