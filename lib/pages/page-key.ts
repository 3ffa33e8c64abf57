import type { IncomingHttpHeaders } from 'node:http'
import { canonical } from '../keys/canonical.js'
import { OWN } from '../keys/names.js'
import { canonicalTarget, pageTag, pathTag, type CanonicalTarget } from '../keys/url.js'
import { cookieValues } from './cookies.js'
import type { Exchange } from './exchange.js'
import type { PagePolicy } from './page-policy.js'

/** Where a page is kept, before what its responses turn out to vary on. */
export interface PageKey {
  /** Host, path, query and declared variation. */
  readonly key: string
  /** The same without the variation: equal to `key` where the policy declares none. */
  readonly plain: string
  /** Host and path alone: what all variants share. */
  readonly path: string
  readonly target: CanonicalTarget
  /** A part of the query is left out, so that several URLs share the page. */
  readonly byPath: boolean
}

/** The tags by which a page is purged together with its URL, within a namespace. */
export function tagsOfUrl({ target, byPath }: PageKey, prefix: string): readonly string[] {
  return byPath ? [prefix + pageTag(target), prefix + pathTag(target.path)] : [prefix + pageTag(target)]
}

/**
 * Headers by which proxies and frameworks let a request pass for one to another URL. A handler may believe them, so a request that carries
 * one has a key of its own.
 */
const REROUTING = [
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-host',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
  'x-override-url',
] as const

/** Is the origin plain enough that origin and path written one after the other mean one URL only? */
const PLAIN_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[\w.:[\]-]+$/i

/**
 * The key of the page that a request asks for: equal for requests that must get the same page, different for all others. `undefined` if
 * the host or target is not of a form that can be told apart safely.
 * @throws {KeyError} if `vary.user` or `vary.value` returned other than plain data
 */
export function pageKey<Visit>(exchange: Exchange<Visit>, { vary }: PagePolicy<Visit>, prefix: string): PageKey | undefined {
  const { request, origin, url } = exchange
  if (!url.startsWith('/') || !PLAIN_ORIGIN.test(origin)) return undefined
  const target = canonicalTarget(url, vary.query)
  const path = `${prefix}${OWN}page ${origin}${target.path}`
  const parts: Record<string, unknown> = {}
  rerouting(request.headers, parts)
  if (vary.headers.length > 0) parts['headers'] = vary.headers.map(name => valueOf(request.headers, name))
  if (vary.cookies === true) parts['cookies'] = request.headers.cookie
  else if (vary.cookies !== false && vary.cookies.length > 0) parts['cookies'] = cookieValues(request.headers.cookie, vary.cookies)
  if (vary.user !== undefined) parts['user'] = vary.user(exchange.visit)
  if (vary.value !== undefined) parts['value'] = vary.value(exchange.visit)
  const variation = Object.keys(parts).length === 0 ? '' : ` ${canonical(parts)}`
  const plain = path + target.query
  return { key: plain + variation, plain, path, target, byPath: vary.query !== undefined }
}

function rerouting(headers: IncomingHttpHeaders, parts: Record<string, unknown>): void {
  for (const name of REROUTING) if (headers[name] !== undefined) parts[name] = headers[name]
  // Of `Forwarded` only what concerns the URL: `for` and `by` differ with each visitor (RFC 7239).
  if (headers['forwarded'] !== undefined)
    parts['forwarded'] = headers['forwarded'].match(/(?:host|proto)\s*=\s*(?:"[^"]*"|[^;,\s]*)/gi) ?? []
}

/** The key of the variant of a page for what its responses vary on. */
export function variantKey(key: string, names: readonly string[], headers: IncomingHttpHeaders): string {
  return `${key} ${canonical({ vary: names.map(name => [name, valueOf(headers, name)]) })}`
}

/** A header may be named like what every object inherits. */
function valueOf(headers: IncomingHttpHeaders, name: string): IncomingHttpHeaders[string] {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}
