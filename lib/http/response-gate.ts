import type { OutgoingHttpHeader } from 'node:http'
import { mayBeServedStale, windowMs, type Allowance, type Head, type Terms } from './allowance.js'
import { parseCacheControl } from './cache-control.js'
import { fieldText, isToken } from './field-text.js'
import { ageSeconds, explicitLifetimeMs } from './lifetime.js'
import { allowedByOrigin } from './origin-rules.js'

/** What the head of a response allows. */
export type Keeping =
  | (Allowance & {
      readonly keep: true
      /** The request headers that it varies on: lower case, in order. */
      readonly vary: readonly string[]
    })
  | { readonly keep: false; readonly reason: string }

const FORBIDDING = ['no-store', 'private', 'no-cache'] as const
/** Fields meant for caches of other kinds; what those may not keep we do not keep either (RFC 9213). */
const TARGETED = ['cdn-cache-control', 'surrogate-control'] as const

/** May a shared cache keep the response with this head (RFC 9111, section 3)? In doubt not. */
export function judgeHead(head: Head, terms: Terms): Keeping {
  const { headers, setsCookies } = head
  if (setsCookies) return refused('set-cookie')
  if (headers['trailer'] !== undefined) return refused('trailer')
  if (/^\s*text\/event-stream/i.test(fieldText(headers['content-type']))) return refused('event-stream')
  const names = varyNames(headers['vary'])
  if (names.includes('*') || !names.every(isToken)) return refused('vary')
  // Encoded bytes are for those who asked for them, whether or not the response says so.
  const encoded = headers['content-encoding'] !== undefined && !names.includes('accept-encoding')
  const vary = encoded ? [...names, 'accept-encoding'].toSorted() : names
  const allowed = terms.honor === 'origin' ? allowedByOrigin(head, terms) : allowedByPolicy(head, terms)
  return typeof allowed === 'string' ? refused(allowed) : { keep: true, ...allowed, vary }
}

function refused(reason: string): Keeping {
  return { keep: false, reason }
}

/** Where the route's policy rules, the head can only make it stricter. @returns the reason, if it forbids all */
function allowedByPolicy({ headers, now }: Head, { graceMs, staleIfErrorMs }: Terms): Allowance | string {
  if (headers['content-range'] !== undefined) return 'content-range'
  const directives = parseCacheControl(headers['cache-control'])
  if (directives === undefined) return 'cache-control'
  for (const field of TARGETED) {
    if (headers[field] === undefined) continue
    const targeted = parseCacheControl(headers[field])
    if (targeted === undefined || FORBIDDING.some(name => targeted.has(name))) return field
  }
  for (const name of FORBIDDING) if (directives.has(name)) return name
  if (directives.size === 0 && /no-cache/i.test(fieldText(headers['pragma']))) return 'no-cache'
  const ageMs = ageSeconds(headers['age']) * 1000
  const lifetimeMs = explicitLifetimeMs(headers, directives, false, now)
  if (lifetimeMs !== undefined && lifetimeMs <= ageMs) return 'max-age'
  const stale = mayBeServedStale(directives)
  return {
    bornAt: ageMs === 0 ? undefined : now - ageMs,
    staleAt: lifetimeMs === undefined ? undefined : now - ageMs + lifetimeMs,
    graceMs: stale ? Math.min(graceMs, windowMs(directives, 'stale-while-revalidate') ?? Infinity) : 0,
    staleIfErrorMs: stale ? Math.min(staleIfErrorMs, windowMs(directives, 'stale-if-error') ?? Infinity) : 0,
    revalidate: false,
    omitted: [],
  }
}

/** The names in a `Vary` field, in lower case, each once, in order. */
export function varyNames(field: OutgoingHttpHeader | undefined): readonly string[] {
  if (field === undefined) return []
  const names = fieldText(field)
    .split(',')
    .map(name => name.trim().toLowerCase())
  return [...new Set(names.filter(name => name !== ''))].toSorted()
}
