import { OWN } from '../keys/names.js'
import { permanentTag, tableTag } from '../keys/table.js'
import type { Footprint } from './catalog.js'

/** On everything that was read from any database. */
const ALL_TABLES = `${OWN}tables`
/** Its purge says that what tables there are may have changed. */
export const SCHEMA = `${OWN}schema`

/** What a write touches of which nothing is known. */
export const EVERYTHING: readonly string[] = [ALL_TABLES, SCHEMA]

/** What a query depends on. */
export function tagsOfRead({ tables }: Pick<Footprint, 'tables'>): readonly string[] {
  return [ALL_TABLES, ...Array.from(tables, tableTag)]
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
