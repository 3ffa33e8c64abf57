import { ConfigError, KeyError, shown } from '../errors.js'

/**
 * Names that begin with this are the library's own: `~page …`, `~url …`, `~/shop:…`. A caller's key or tag cannot begin with it, so that
 * no key of one kind is ever taken for one of another.
 */
export const OWN = '~'

const OWN_CODE = OWN.charCodeAt(0)

/** Can it be a key or a tag? */
export function isName(text: string): boolean {
  return text !== '' && text.charCodeAt(0) !== OWN_CODE && isWellFormed(text)
}

/** @throws {KeyError} unless `name` can be a key or a tag: a string of Unicode that is not empty and does not begin with `~`. */
export function checkName(name: unknown, kind: 'key' | 'tag' | 'prefix' | 'pattern' | 'fragment'): asserts name is string {
  if (typeof name !== 'string' || name === '') throw new KeyError(`Expected a ${kind} to be a string that is not empty, got ${shown(name)}`)
  if (name.charCodeAt(0) === OWN_CODE)
    throw new KeyError(`A ${kind} cannot begin with "~": those names are the library's own, got ${shown(name)}`)
  // As UTF-8 it would be the same as any other of its kind.
  if (!isWellFormed(name)) throw new KeyError(`Expected a ${kind} to be Unicode, got half of a surrogate pair in ${shown(name)}`)
}

/** Has the text no half of a surrogate pair, for which UTF-8 has no place? Node has had the method since 20; the types of ES2023 do not. */
export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}

/**
 * What the names of a namespace begin with; the empty path is the root, whose names begin with nothing. A segment has neither `/` nor `:`,
 * so that no name of one namespace is one of another.
 * @throws {KeyError} for a segment that is empty or has other than letters, digits, `.`, `_` and `-`.
 */
export function namespacePrefix(path: readonly string[]): string {
  for (const segment of path) {
    if (typeof segment !== 'string' || !/^[\w.-]+$/.test(segment)) {
      throw new KeyError(`Expected a namespace to be letters, digits, ".", "_" and "-", got ${shown(segment)}`)
    }
  }
  return path.length === 0 ? '' : `${OWN}/${path.join('/')}:`
}

/** What stands after a name that has a version. @throws {ConfigError} */
export function versionSuffix(version: unknown): string {
  if (version === undefined) return ''
  if (typeof version === 'number' && Number.isFinite(version)) return `@${version}`
  if (typeof version === 'string' && /^[\w.-]+$/.test(version)) return `@${version}`
  throw new ConfigError(`Expected \`version\` to be a number, or letters, digits, ".", "_" and "-", got ${shown(version)}`)
}

/**
 * The namespace (segments joined by `/`, empty for the root) and the name inside it of a full name. What only the names of the namespaces
 * inside another begin with, `~/shop/`, counts as the empty name of that.
 */
export function splitName(full: string): { readonly namespace: string; readonly name: string } {
  if (!full.startsWith(`${OWN}/`)) return { namespace: '', name: full }
  const end = full.indexOf(':')
  if (end === -1) return { namespace: full.slice(2, -1), name: '' }
  return { namespace: full.slice(2, end), name: full.slice(end + 1) }
}
