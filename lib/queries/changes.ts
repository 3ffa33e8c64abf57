import type { OnRows, Answer, Row } from './row-tags.js'

/** What became of a row that is known. */
export interface RowChange {
  readonly kind: 'saved' | 'deleted'
  readonly before?: Row
  readonly after?: Row
}

/** Does the answer to the statement tell of each row all that there is to know: what was inserted, what was removed? */
export function tellsRows({ about: { verb, returned } }: OnRows): boolean {
  // How rows were that are updated is not told.
  return returned === 'all' && (verb === 'insert' || verb === 'delete')
}

export function changesIn({ about }: OnRows, { rows = [] }: Answer): readonly RowChange[] {
  return rows.map(row => (about.verb === 'delete' ? { kind: 'deleted', before: { ...row } } : { kind: 'saved', after: { ...row } }))
}
