import { OWN } from '../keys/names.js'
import { permanentTag, tableTag } from '../keys/table.js'
import type { Footprint } from './catalog.js'

/** On everything that was read from any database. */
const ALL_TABLES = `${OWN}tables`
/** Its purge says that what tables there are may have changed. */
export const SCHEMA = `${OWN}schema`

/** What a write touches of which nothing is known. */
export const EVERYTHING: readonly string[] = [ALL_TABLES, SCHEMA]

const [ROW, ROWS] = [`${OWN}row `, `${OWN}rows `]

/** On what was read from a table without regard to single rows: a write to any of its rows ends that. */
export function wholeTag(table: string): string {
  return `${OWN}whole ${table}`
}

/** On what was read from the rows that have a certain value in the column, whichever: a write ends that of which the column's value is not known. */
export function columnTag(table: string, column: string): string {
  return `${ROWS}${table} ${column}`
}

/** On what was read from the rows that have this value in the column. */
export function rowTag(table: string, column: string, spelled: string): string {
  return `${ROW}${table} ${column}=${spelled}`
}

/** Of so many tags, those of single rows give way to their columns'. */
const MAX_TOUCHED = 1_000

/** The same or more, in fewer tags. */
export function bounded(touched: ReadonlySet<string>): ReadonlySet<string> {
  if (touched.size <= MAX_TOUCHED) return touched
  return new Set(Array.from(touched, tag => (tag.startsWith(ROW) ? `${ROWS}${tag.slice(ROW.length, tag.lastIndexOf('='))}` : tag)))
}

/** What a query depends on. */
export function tagsOfRead({ tables }: Pick<Footprint, 'tables'>): readonly string[] {
  return [ALL_TABLES, ...Array.from(tables, table => [tableTag(table), wholeTag(table)]).flat()]
}

/** The same for one that reads but those rows of a table. */
export function tagsOfRowsRead(table: string, column: string, spelled: readonly string[]): readonly string[] {
  return [ALL_TABLES, tableTag(table), columnTag(table, column), ...spelled.map(one => rowTag(table, column, one))]
}

/** What is left of that for a query whose answer outlives the purges that writes bring about. */
export function tagsOfPermanent({ tables }: Pick<Footprint, 'tables'>): readonly string[] {
  return Array.from(tables, table => permanentTag(tableTag(table)))
}

/** What a statement ends; nothing, if it changes nothing. */
export function tagsOfWrite({ effect, tables, everything }: Footprint): ReadonlySet<string> {
  switch (effect) {
    case 'read':
    case 'none':
      return NOTHING
    case 'write':
      return new Set(everything ? [ALL_TABLES] : Array.from(tables, tableTag))
    case 'schema':
    case 'session':
    case 'opaque':
      return new Set(EVERYTHING)
  }
}

const NOTHING: ReadonlySet<string> = new Set()
