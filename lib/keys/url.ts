import { KeyError, shown } from '../errors.js'
import { OWN } from './names.js'

/** Parameters that campaigns and mailers add to links and that no page depends on. */
const TRACKERS = /^(?:utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|twclid|ttclid|yclid|igshid|mc_cid|mc_eid|_hs(?:enc|mi)|mkt_tok)$/

/** Path and query of a request target, in the form in which equal meanings are equal strings. The path stays exactly as it was sent. */
export interface CanonicalTarget {
  readonly path: string
  /** Empty, or beginning with `?`. */
  readonly query: string
}

/**
 * Puts the query's parameters in order of their names and leaves known trackers out; values, repeated parameters and the difference
 * between absent and empty (`?a`, `?a=`) stay as they were sent. `names` keeps only those parameters, `trackers`
 * the known trackers as well. Of a query with a `;` in it nothing is left out.
 */
export function canonicalTarget(target: string, names?: readonly string[], trackers = false): CanonicalTarget {
  const end = target.indexOf('#')
  const sent = end === -1 ? target : target.slice(0, end)
  const mark = sent.indexOf('?')
  if (mark === -1) return { path: sent, query: '' }
  const query = canonicalQuery(sent.slice(mark + 1), names, trackers)
  return { path: sent.slice(0, mark), query: query === '' ? '' : `?${query}` }
}

/** The path of a request target alone. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/)
  return end === -1 ? target : target.slice(0, end)
}

/** Is the parameter one of those? */
export function isTracker(name: string): boolean {
  return TRACKERS.test(name)
}

function canonicalQuery(query: string, names: readonly string[] | undefined, trackers: boolean): string {
  // Some parsers also split at ';'. For them a value could hide a parameter, so nothing is left out.
  const whole = query.includes(';')
  const parameters = query
    .split('&')
    .filter(pair => pair !== '')
    .map(pair => ({ pair, name: nameOf(pair) }))
    .filter(({ name }) => whole || (names === undefined ? trackers || !isTracker(name) : names.includes(name)))
  return parameters
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ pair }) => pair)
    .join('&')
}

/** Decoded, and up to a bracket: parsers that nest merge `a`, `a[]`, `a[b]` and `[a]` in the order in which they were sent. */
function nameOf(pair: string): string {
  const end = pair.indexOf('=')
  const raw = end === -1 ? pair : pair.slice(0, end)
  // Mostly there is nothing to decode.
  if (/^\w+$/.test(raw)) return raw
  try {
    return decodeURIComponent(raw.replaceAll('+', ' ')).replace(/^\[/, '').split(/[[\]]/, 1)[0] ?? ''
  } catch {
    return raw.replace(/^(?:\[|%5b)/i, '').split(/[[\]]|%5[bd]/i, 1)[0] ?? ''
  }
}

/** The tag of every page at this path and query, however they are spelt. */
export function pageTag({ path, query }: CanonicalTarget): string {
  return `${OWN}url ${respelt(path)}${respelt(query)}`
}

/** The tag of pages whose key leaves out a part of the query: any URL with this path may be theirs. */
export function pathTag(path: string): string {
  return `${OWN}path ${respelt(path)}`
}

/** Percent-encoded only where need be, and in capitals (RFC 3986, 6.2.2): most programs take the spellings for one, and so must a purge. */
function respelt(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, encoded => {
    const character = String.fromCharCode(parseInt(encoded.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : encoded.toUpperCase()
  })
}

/**
 * The tags by which everything kept for a URL is purged. Of an absolute URL only path and query count.
 * @throws {KeyError} unless it is a path that begins with `/`, or an absolute URL
 */
export function urlTags(url: unknown): readonly string[] {
  const [, origin, target = ''] = (typeof url === 'string' && /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(.*)$/is.exec(url)) || []
  if (origin === undefined && !target.startsWith('/')) {
    throw new KeyError(`Expected a URL to be a path that begins with "/", or absolute, got ${shown(url)}`)
  }
  const { path, query } = canonicalTarget(target.startsWith('/') ? target : `/${target}`)
  return [pageTag({ path, query }), pathTag(path)]
}
