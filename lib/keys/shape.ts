import { OWN } from './names.js'

/** What a key is of, by how it begins. */
export function kindOfKey(key: string): 'page' | 'query' | 'value' {
  if (key.startsWith(`${OWN}page`) || key.startsWith(`${OWN}front`)) return 'page'
  return key.startsWith(`${OWN}query `) ? 'query' : 'value'
}

/**
 * What the key of an entry that nobody has named has in common with others: the path of a page, the name of a function that was called, and of anything
 * else the key, with `*` for all but plain words.
 */
export function shapeOfKey(key: string): string {
  const kind = kindOfKey(key)
  if (kind === 'query') return 'query'
  if (kind === 'page') return shapeOfPath(pathOfPage(key))
  const called = /^([^\s(]+)\(/.exec(key)?.[1]
  return called ?? starred(key.slice(0, MAX_SHAPE))
}

/** The path with `*` for all but plain words. */
export function shapeOfPath(path: string): string {
  return starred(path.split('?', 1)[0]?.slice(0, MAX_SHAPE) ?? '')
}

/** Longer ones are cut. */
const MAX_SHAPE = 200
const EMAIL = /[^\s:/,;]+@[^\s:/,;]+/g
const WORD = /[\p{L}\p{N}]+/gu

/** Only plain words are names: whatever has a digit in it, or is too long for a word, is somebody's, and may be a secret. */
function starred(text: string): string {
  const words = text.replaceAll(EMAIL, '*').replaceAll(WORD, word => (/\p{N}/u.test(word) || word.length > 24 ? '*' : word))
  return words.replaceAll(/\*(?:[-_.%~+=]*\*)+/g, '*')
}

/** Of `~page mark https://host/path?query …` the path. */
function pathOfPage(key: string): string {
  const at = key.indexOf('://')
  const path = key.indexOf('/', at + 3)
  return at === -1 || path === -1 ? '/' : (key.slice(path).split(' ', 1)[0] ?? '/')
}
