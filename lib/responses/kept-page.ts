import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { resolvePolicy, type Policy } from '../cache/policy.js'
import type { Entry } from '../entries/entry.js'
import type { Keepable } from '../entries/keepable.js'
import { fieldText } from '../http/field-text.js'
import { OWN } from '../keys/names.js'
import type { HolePlace } from '../holes/holes.js'

export type HeaderValue = string | readonly string[]

/** A response as it is kept: what the route itself made of it, and nothing that belongs to one connection or one visitor. Never changed. */
export interface KeptPage {
  readonly kind: 'page'
  readonly status: number
  readonly statusMessage: string | undefined
  /** Set or changed by the route, in its spelling. Without what is made anew for each answer: length, age, date, cache status. */
  readonly headers: readonly (readonly [name: string, value: HeaderValue])[]
  /** Set outside of the route and taken away by it. */
  readonly removed: readonly string[]
  /** What the route says the page varies on, in its spelling; empty if on nothing. */
  readonly vary: string
  readonly etag: string | undefined
  /** Whether it may be sent encoded; `vary` says so. */
  readonly encodable: boolean
  /** When the response was made (epoch ms), if before it was kept. */
  readonly bornAt: number | undefined
  /** Its validators are the handler's own: it can be asked whether the page still holds. */
  readonly revalidates: boolean
  /** How long past its freshness it may be served when a load fails (ms). The entry may be kept for longer. */
  readonly staleIfErrorMs: number
  /** The route whose handler made it, if that is known. */
  readonly route: string | undefined
  /** Where holes are in the body, in order; absent if there are none. */
  readonly holes: readonly HolePlace[] | undefined
  readonly body: Buffer
}

/** Under what rules are counted. */
const RULES = `${OWN}vary`

/** The route of a page that is kept, for who counts. */
export function routeIn(value: unknown): string | undefined {
  if (isRule(value)) return RULES
  const route = (value as Partial<KeptPage> | null | undefined)?.route
  return typeof route === 'string' ? route : undefined
}

/** How old the page is at `now` (epoch ms), in ms (RFC 9111, 4.2.3). */
export function ageMs({ createdAt }: Pick<Entry, 'createdAt'>, { bornAt }: Pick<KeptPage, 'bornAt'>, now: number): number {
  return Math.max(0, now - (bornAt ?? createdAt))
}

/** Kept in the place of a page that was found to vary: which request headers make the key of its variants. */
export interface VaryRule {
  readonly kind: 'vary'
  /** Lower case, in order. */
  readonly names: readonly string[]
}

/** What only shadows keeps in the place of a page, so that nobody can be served it: an answer as far as one is compared with another. */
export interface ShadowPage {
  readonly kind: 'shadow'
  readonly status: number
  /** What the route itself has set, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: HeaderValue])[]
  /** Without nonces. */
  readonly body: Buffer
  /** Whose it was: a digest of the credentials that the request bore. */
  readonly visitor: string
  readonly route: string | undefined
}

export function isPage(value: unknown): value is KeptPage {
  return (value as KeptPage | undefined)?.kind === 'page'
}

export function isRule(value: unknown): value is VaryRule {
  return (value as VaryRule | undefined)?.kind === 'vary'
}

export function isShadow(value: unknown): value is ShadowPage {
  return (value as ShadowPage | undefined)?.kind === 'shadow'
}

/** For how long it is remembered what a page varies on (ms). */
const RULE_MS = 86_400_000

/** How rules are kept: without tags, for what a page varies on is no older than the purge of the page. */
export const RULE_POLICY: Policy = { ...resolvePolicy({ ttl: RULE_MS }, 'a rule'), name: RULES }

/** Any of them, made ready to be kept: they are immutable, so everybody may share them. */
export function keepablePage(page: KeptPage | ShadowPage | VaryRule): Keepable {
  if (page.kind === 'vary') return { value: page, bytes: 64 * page.names.length, shareable: true }
  let bytes = page.body.length + (page.kind === 'page' ? 2 * page.vary.length : 0)
  if (page.kind === 'page') for (const { id } of page.holes ?? []) bytes += 2 * id.length + 64
  for (const [name, value] of page.headers) bytes += 2 * (name.length + String(value).length) + 64
  return { value: page, bytes, shareable: true }
}

/**
 * Fields of one connection (RFC 9110, 7.6.1), of one visitor, or made anew for each answer: never kept, whatever the route says.
 */
const NEVER_KEPT: ReadonlySet<string> = new Set([
  'age',
  'cache-status',
  'connection',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'server-timing',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
])

/** Fields that describe a body (RFC 9110, 8.3 to 8.8): they belong to it, whoever set them. */
const ABOUT_BODY: ReadonlySet<string> = new Set([
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
  'last-modified',
])

/** The headers as they are now. Node hands out its own lists, and appends to them later. */
export function copiedHeaders(response: ServerResponse): OutgoingHttpHeaders {
  const headers = response.getHeaders()
  for (const name in headers) {
    const value = headers[name]
    if (Array.isArray(value)) headers[name] = [...value]
  }
  return headers
}

/** Puts the head back to what it was. */
export function resetHeaders(response: ServerResponse, before: OutgoingHttpHeaders): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  for (const [name, value] of Object.entries(before)) if (value !== undefined) response.setHeader(name, value)
}

/** The field as the route has set it, or changed it since the response had the headers of `before`. Names in lower case. */
export function ownField<Name extends string>(
  headers: OutgoingHttpHeaders,
  before: OutgoingHttpHeaders,
  name: Name,
): OutgoingHttpHeaders[Name] {
  const value = headers[name]
  return ABOUT_BODY.has(name) || !isSameField(value, before[name]) ? value : undefined
}

export function isSameField(one: OutgoingHttpHeaders[string], other: OutgoingHttpHeaders[string]): boolean {
  if (one === other || !Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((line, at) => line === other[at])
}

/**
 * The part of a head that is kept: the route's delta.
 * @param sent all fields as they are sent, names in lower case
 * @param omitted fields that are this visitor's alone, in lower case
 * @param datedAt says when it was made (epoch ms), where `Date` is to be kept as it was sent (RFC 9110, 6.6.1)
 */
export function keptHead(
  response: ServerResponse,
  sent: OutgoingHttpHeaders,
  before: OutgoingHttpHeaders,
  omitted: readonly string[],
  datedAt: number | undefined,
): Pick<KeptPage, 'headers' | 'removed'> {
  const connection = fieldText(sent['connection'])
    .toLowerCase()
    .split(/[\s,]+/)
  const headers: [string, HeaderValue][] = []
  for (const name of spelledNames(response)) {
    const lower = name.toLowerCase()
    if (NEVER_KEPT.has(lower) || connection.includes(lower) || omitted.includes(lower)) continue
    const value = ownField(sent, before, lower)
    if (value === undefined) continue
    headers.push([name, Array.isArray(value) ? value.map(String) : String(value)])
  }
  if (datedAt !== undefined) headers.push(['Date', ownField(sent, before, 'date') ?? new Date(datedAt).toUTCString()])
  return { headers, removed: Object.keys(before).filter(name => sent[name] === undefined) }
}

/** Node has had `getRawHeaderNames()` since 15.4; its types have it on requests only. */
function spelledNames(response: ServerResponse): readonly string[] {
  return (response as ServerResponse & { getRawHeaderNames(): string[] }).getRawHeaderNames()
}

/** The names that a rule holds; `undefined` for a page. */
export function keptVary(value: unknown): readonly string[] | undefined {
  const { kind, names } = value as Partial<VaryRule>
  return kind === 'vary' ? names : undefined
}
