import { changesIn, tellsRows, type RowChange } from './changes.js'
import type { Held } from './ledger.js'
import { tagsOfRowsWritten, tellsByAnswer, type Answer, type Row } from './row-tags.js'
import type { Statement } from './statements.js'
import type { Write } from './writes.js'

interface Known<T> {
  readonly bindings: readonly unknown[]
  /** The rows that it is about, as they were, if they have been asked for. */
  readonly before: readonly Row[] | undefined
  readonly answerOf: ((result: T) => Answer) | undefined
  /** What is to be said of changes; absent if nobody wants to know. */
  readonly announced: ((table: string, changes: readonly RowChange[]) => readonly Held[]) | undefined
}

/** What a statement touches, and what is to be said because of it, as far as that is known now and once it is answered. */
export function writeOf<T>(statement: Statement, { bindings, before, answerOf, announced }: Known<T>): Write<T> {
  const { footprint, onRows, revision, syntax } = statement
  const write = { commits: syntax.commits || footprint.atOnce, touched: statement.touched, revision, refined: undefined, said: undefined }
  if (onRows === undefined) return write
  const said =
    announced !== undefined && answerOf !== undefined && tellsRows(onRows)
      ? (result: T) => announced(onRows.about.table, changesIn(onRows, answerOf(result)))
      : undefined
  if (onRows.columns.length === 0) return { ...write, said }
  const touched = tagsOfRowsWritten(onRows, bindings, { rows: undefined, generated: undefined, before })
  const refined =
    answerOf !== undefined && before === undefined && tellsByAnswer(onRows)
      ? (result: T) => tagsOfRowsWritten(onRows, bindings, answerOf(result))
      : undefined
  return { ...write, touched, refined, said }
}
