import { OWN } from './names.js'

/** What a key is of, by how it begins. */
export function kindOfKey(key: string): 'page' | 'query' | 'value' {
  if (key.startsWith(`${OWN}page`) || key.startsWith(`${OWN}front`)) return 'page'
  return key.startsWith(`${OWN}query `) ? 'query' : 'value'
}

/**
 * What the key of an entry that nobody has named has in common with others: the path of a page, the name of a function that was called, and of anything
 * else the key, with `*` for whatever looks like a number or an identifier.
 */
export function shapeOfKey(key: string): string {
  const kind = kindOfKey(key)
  if (kind === 'query') return 'query'
  if (kind === 'page') return shapeOfPath(pathOfPage(key))
  const called = /^([^\s(]+)\(/.exec(key)?.[1]
  return called ?? starred(key.slice(0, MAX_SHAPE))
}

/** The path with `*` for whatever looks like a number or an identifier. */
export function shapeOfPath(path: string): string {
  return starred(path.split('?', 1)[0]?.slice(0, MAX_SHAPE) ?? '')
}

/** Longer ones are cut. */
const MAX_SHAPE = 200

/** Numbers; and runs of letters and digits that no person has thought of: hexadecimal, UUIDs, or long and with a digit in them. */
const MADE_UP = /(?<![A-Za-z0-9])(?:\d+|[0-9a-f]{8,}(?:-[0-9a-f]{4,})*|(?=[A-Za-z_]*\d)\w{16,})(?![A-Za-z0-9])/gi

function starred(text: string): string {
  return text.replaceAll(MADE_UP, '*')
}

/** Of `~page mark https://host/path?query …` the path. */
function pathOfPage(key: string): string {
  const at = key.indexOf('://')
  const path = key.indexOf('/', at + 3)
  return at === -1 || path === -1 ? '/' : (key.slice(path).split(' ', 1)[0] ?? '/')
}
