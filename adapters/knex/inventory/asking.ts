import type { Column } from '../../../lib/queries/columns.js'

/** A row of what a database says of itself. */
export type Row = Readonly<Record<string, unknown>>

/** Asks the database a question, past all that announces questions. */
export type Ask = (sql: string) => Promise<readonly Row[]>

export function text(row: Row, column: string): string {
  return String(row[column])
}

/** A body of SQL; `undefined` where the database does not tell it, as for want of a right. */
export function bodyIn(row: Row): string | undefined {
  const { body } = row
  return typeof body === 'string' && body.trim() !== '' ? body : undefined
}

/** The columns, of rows with `table`, `name`, `kind`, `generated` and `key`. */
export function columnsIn(rows: readonly Row[]): readonly Column[] {
  return rows.map(row => {
    const { kind } = row
    return {
      table: text(row, 'table').toLowerCase(),
      column: text(row, 'name').toLowerCase(),
      kind: kind === 'whole' || kind === 'text' ? kind : undefined,
      generated: Boolean(row['generated']),
      key: Boolean(row['key']),
    }
  })
}
