import { KeyError, shown } from '../errors.js'
import { OWN, splitName } from './names.js'

const PERMANENT = `${OWN}permanent `

/** The tag of everything that was read from a table. Tables are told apart by name alone, without regard to case, schema or database. */
export function tableTag(table: string): string {
  return `${OWN}table ${table.toLowerCase()}`
}

/** Instead of its tag, on what outlives the purges that writes bring about. */
export function permanentTag(tag: string): string {
  return PERMANENT + tag
}

/** The same for the full name of a tag. */
export function permanentName(full: string): string {
  const { name } = splitName(full)
  return name.startsWith(PERMANENT) ? full : full.slice(0, full.length - name.length) + permanentTag(name)
}

/** The tag that a permanent one stands for; any other as it is. */
export function ordinaryTag(tag: string): string {
  return tag.startsWith(PERMANENT) ? tag.slice(PERMANENT.length) : tag
}

/** @throws {KeyError} unless it is a name: a string that is not empty */
export function checkTable(table: unknown): asserts table is string {
  if (typeof table !== 'string' || table === '')
    throw new KeyError(`Expected a table to be a string that is not empty, got ${shown(table)}`)
}
