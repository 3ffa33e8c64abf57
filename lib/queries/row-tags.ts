import type { AboutRows } from './about-rows.js'
import { spelling, type TellingColumn } from './columns.js'
import { columnTag, rowTag, wholeTag } from './tags.js'

/** A statement on one table. */
export interface OnRows {
  readonly about: AboutRows
  /** The columns by which its rows are told apart, the most telling first. */
  readonly columns: readonly TellingColumn[]
}

/** What a write was answered. */
export interface Answer {
  /** The rows that it returned, if it returns any. */
  readonly rows: readonly Row[] | undefined
  /** The number that the database has given to the row that was inserted. */
  readonly generated: unknown
  /** The rows that it is about, as they were before, where they have been asked for. */
  readonly before?: readonly Row[] | undefined
}

/** As the database has it. */
export type Row = Readonly<Record<string, unknown>>

/** More values than this, and it is the whole column, or the whole table. */
const MAX_VALUES = 100

/** The rows of a table that have one of these values in the column. */
export interface SomeRows {
  readonly table: string
  readonly column: string
  readonly spelled: readonly string[]
}

/** Which rows a statement reads; `undefined` if that is not known. */
export function rowsRead({ about, columns }: OnRows, bindings: readonly unknown[]): SomeRows | undefined {
  if (about.verb !== 'select' || about.bindings !== bindings.length) return undefined
  for (const column of columns) {
    const spelled = conditioned(about, column, bindings)
    if (spelled !== undefined && spelled.length > 0) return { table: column.table, column: column.column, spelled }
  }
  return undefined
}

/**
 * What a write ends: whatever was read from its table without regard to rows, and what was read from rows that have the values of those that it
 * touches, as they were and as they are. Where a value is not known, what was read by that column.
 * @param answer what it was answered, once it was
 */
export function tagsOfRowsWritten({ about, columns }: OnRows, bindings: readonly unknown[], answer?: Answer): ReadonlySet<string> {
  const [first] = columns
  const touched = new Set(first === undefined ? [] : [wholeTag(first.table)])
  for (const column of columns) {
    const { table, column: name } = column
    const spelled = about.bindings === bindings.length ? written(about, column, bindings, answer) : undefined
    if (spelled === undefined || spelled.length > MAX_VALUES) touched.add(columnTag(table, name))
    else for (const one of spelled) touched.add(rowTag(table, name, one))
  }
  return touched
}

/** Is more known of the rows that it writes once it is answered? */
export function tellsByAnswer({ about, columns }: OnRows): boolean {
  return columns.some(column => returns(about, column) || isGenerated(about, column))
}

function written(
  about: AboutRows,
  column: TellingColumn,
  bindings: readonly unknown[],
  answer: Answer | undefined,
): readonly string[] | undefined {
  if (answer?.rows !== undefined && returns(about, column))
    return spelledAll(
      column,
      answer.rows.map(row => valueIn(row, column.column)),
    )
  if (isGenerated(about, column)) return answer === undefined ? undefined : spelledAll(column, [answer.generated])
  const before = rowsBefore(about, column, bindings, answer)
  if (before === undefined || about.verb === 'delete') return before
  if (about.verb === 'update' && !about.written.has(column.column)) return before
  const after = about.written.get(column.column)
  const values = after?.map(place => bindings[place])
  // For these a database may put a number of its own.
  if (values === undefined || (column.generated === true && values.some(value => value === null || Number(value) === 0))) return undefined
  const spelled = spelledAll(column, values)
  return spelled && [...before, ...spelled]
}

function rowsBefore(
  about: AboutRows,
  column: TellingColumn,
  bindings: readonly unknown[],
  answer: Answer | undefined,
): readonly string[] | undefined {
  if (about.verb === 'insert') return []
  if (answer?.before === undefined) return conditioned(about, column, bindings)
  return spelledAll(
    column,
    answer.before.map(row => valueIn(row, column.column)),
  )
}

/** What an update returns is how rows are: how they were, only as far as it has not written it. */
function returns({ verb, returned, written: changed }: AboutRows, { column }: TellingColumn): boolean {
  return (returned === 'all' || returned.has(column)) && !(verb === 'update' && changed.has(column))
}

function isGenerated({ verb, written: given, inserted }: AboutRows, { column, generated }: TellingColumn): boolean {
  return verb === 'insert' && generated === true && inserted === 1 && !given.has(column)
}

/** The values that every row has one of; `undefined` if that is not said, or cannot be. */
function conditioned({ conditions }: AboutRows, column: TellingColumn, bindings: readonly unknown[]): readonly string[] | undefined {
  for (const { column: name, places } of conditions) {
    const spelled =
      name === column.column && places.length <= MAX_VALUES
        ? spelledAll(
            column,
            places.map(place => bindings[place]),
          )
        : undefined
    if (spelled !== undefined) return spelled
  }
  return undefined
}

/** Nothing equals NULL. */
function spelledAll({ kind }: TellingColumn, values: readonly unknown[]): readonly string[] | undefined {
  const spelled = values.filter(value => value !== null).map(value => spelling(kind, value))
  return spelled.every(one => one !== undefined) ? spelled : undefined
}

export function valueIn(row: Row, column: string): unknown {
  const names = Object.keys(row).filter(name => name.toLowerCase() === column)
  return names.length === 1 && names[0] !== undefined ? row[names[0]] : undefined
}
