import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { canonical } from '../keys/canonical.js'
import { OWN } from '../keys/names.js'
import { canonicalTarget, pageTag, pathTag, type CanonicalTarget } from '../keys/url.js'
import { cookieValues } from '../http/cookies.js'
import type { Exchange } from './exchange.js'
import { tellsByFunctions, type PagePolicy } from './page-policy.js'
import { questionOf } from './question.js'

/** Where a page is kept. */
export interface PageKey {
  /** Policy, host, path, query and declared variation. */
  readonly key: string
  /** The same without the variation: equal to `key` where the policy declares none. */
  readonly plain: string
  /** Host and path alone: what all variants share. */
  readonly path: string
  /** By which it is purged with its URL. */
  readonly target: CanonicalTarget
  /** A part of the query is left out, so that several URLs share the page. */
  readonly byPath: boolean
  /** For whom it is kept: the front looks for what was kept for it, and for nothing else. */
  readonly kept: 'page' | 'front'
  /** What its responses have been found to vary on besides, as far as is known: names of request headers, in order. */
  readonly found: readonly string[]
}

/** The tags by which a page is purged together with its URL, within a namespace. */
export function tagsOfUrl({ target, byPath }: PageKey, prefix: string): readonly string[] {
  return byPath ? [prefix + pageTag(target), prefix + pathTag(target.path)] : [prefix + pageTag(target)]
}

/**
 * Headers by which proxies and frameworks let a request pass for one to another URL. A handler may believe them, so a request that carries
 * one has a key of its own.
 */
const REROUTING: ReadonlySet<string> = new Set([
  'front-end-https',
  'x-forwarded-host',
  'x-forwarded-path',
  'x-forwarded-proto',
  'x-forwarded-protocol',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-forwarded-uri',
  'x-host',
  'x-http-host-override',
  'x-original-host',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-override-url',
  'x-url-scheme',
])

/** Is the origin plain enough that origin and path written one after the other mean one URL only? */
const PLAIN_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[\w.:[\]-]+$/i

/**
 * The key of the page that a request asks for: equal for requests that must get the same page, different for all others. `undefined` if
 * the host or target is not of a form that can be told apart safely. `level` is how many policies further out have been asked; pages `kept`
 * for the front have keys of their own, so that nothing else is ever served there.
 * @throws {KeyError} if `vary.user` or `vary.value` returned other than plain data
 */
export function pageKey<Visit>(
  exchange: Exchange<Visit>,
  policy: PagePolicy<Visit>,
  prefix: string,
  level: number,
  kept: PageKey['kept'] = 'page',
): PageKey | undefined {
  const { request, origin, url, rewritten } = exchange
  const { vary } = policy
  // No client sends a fragment (RFC 9112, 3.2), and a handler may print it.
  if (!url.startsWith('/') || url.includes('#') || !isPlain(origin)) return undefined
  const target = canonicalTarget(url, vary.query, vary.trackers)
  const mark = level > 0 && tellsByFunctions(policy) ? `${policy.mark}.${level}` : policy.mark
  const path = `${prefix}${OWN}${kept}${mark} ${origin}${target.path}`
  const headed = rerouting(request.headers, origin)
  const rerouted = rewritten === undefined ? headed : { ...headed, rewritten }
  const plain = path + target.query + (rerouted === undefined ? '' : ` ${variation(rerouted, false)}`)
  const declares = vary.headers.length > 0 || vary.cookies !== false || vary.user !== undefined || vary.value !== undefined
  const declared = declares ? declaredKey(plain, exchange, policy) : plain
  const question = policy.methods === undefined ? undefined : questionOf(request)
  const key = question === undefined ? declared : `${declared} ~${question}`
  // Purged by URL it is without them.
  const tagged = vary.trackers ? canonicalTarget(url, vary.query) : target
  return { key, plain, path, target: tagged, byPath: vary.query !== undefined, kept, found: NOTHING }
}

/** The same page, but not for the front. */
export function notForFront(where: PageKey, prefix: string): PageKey {
  const inside = (text: string) => `${prefix}${OWN}page${text.slice(`${prefix}${OWN}front`.length)}`
  return { ...where, key: inside(where.key), plain: inside(where.plain), path: inside(where.path), kept: 'page' }
}

const NOTHING: readonly string[] = []

let lastPlain = ''

/** One site has few origins, and asks about the same one most of the time. */
function isPlain(origin: string): boolean {
  if (origin === lastPlain) return true
  if (!PLAIN_ORIGIN.test(origin)) return false
  lastPlain = origin
  return true
}

/** The key with what the policy makes pages vary on. */
function declaredKey<Visit>(plain: string, { request, visit }: Exchange<Visit>, { vary }: PagePolicy<Visit>): string {
  const parts: Record<string, unknown> = {}
  if (vary.headers.length > 0) parts['headers'] = vary.headers.map(name => valueOf(request.headers, name))
  if (vary.cookies === true) parts['cookies'] = request.headers.cookie
  else if (vary.cookies !== false && vary.cookies.length > 0) parts['cookies'] = cookieValues(request.headers.cookie, vary.cookies)
  if (vary.user !== undefined) parts['user'] = vary.user(visit)
  if (vary.value !== undefined) parts['value'] = vary.value(visit)
  return Object.keys(parts).length === 0 ? plain : `${plain} ${variation(parts, vary.cookies !== false || hasSecrets(vary.headers))}`
}

function rerouting(headers: IncomingHttpHeaders, origin: string): Record<string, unknown> | undefined {
  let parts: Record<string, unknown> | undefined
  // A framework may make less of `Host` than a handler finds there.
  if (headers.host !== undefined && !isHostOf(origin, headers.host)) parts = { host: headers.host }
  // A request has fewer headers than there are names to look for.
  for (const name in headers) if (mayReroute(name) && REROUTING.has(name)) (parts ??= {})[name] = headers[name]
  if (headers['forwarded'] === undefined) return parts
  // Of `Forwarded` only what concerns the URL: `for` and `by` differ with each visitor (RFC 7239).
  const forwarded = headers['forwarded']?.match(/(?:host|proto)\s*=\s*(?:"[^"]*"|[^;,\s]*)/gi)
  return forwarded === undefined || forwarded === null ? parts : { ...parts, forwarded }
}

function isHostOf(origin: string, host: string): boolean {
  return origin.endsWith(host) && origin.endsWith('://', origin.length - host.length)
}

/** Is it one of those headers, which are in every key? */
export function isRerouting(name: string): boolean {
  return REROUTING.has(name)
}

/** By its first letter, without a look into the set. */
function mayReroute(name: string): boolean {
  return name.startsWith('x') || name.startsWith('f')
}

/** The key of the page for a request with these headers: of one variant, if its responses have been found to vary. */
export function variantKey({ key, found }: PageKey, headers: IncomingHttpHeaders): string {
  if (found.length === 0) return key
  return `${key} ${variation({ vary: found.map(name => [name, valueOf(headers, name)]) }, hasSecrets(found))}`
}

/** Longer texts give way to their digest: keys outlive what is kept under them, in counts and logs. */
const MAX_VARIATION = 200

/** Credentials do not appear in keys, for those are announced, logged and shown. */
function variation(parts: Record<string, unknown>, secret: boolean): string {
  const text = canonical(parts)
  return secret || text.length > MAX_VARIATION ? hash('sha256', text, 'base64url') : text
}

function hasSecrets(names: readonly string[]): boolean {
  return names.includes('cookie') || names.includes('authorization')
}

/** A header may be named like what every object inherits. */
function valueOf(headers: IncomingHttpHeaders, name: string): IncomingHttpHeaders[string] {
  return Object.hasOwn(headers, name) ? headers[name] : undefined
}
