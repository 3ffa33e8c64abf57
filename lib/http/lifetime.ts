import type { OutgoingHttpHeaders } from 'node:http'
import { seconds, sharedMaxAgeSeconds, type Directives } from './cache-control.js'
import { fieldText } from './field-text.js'
import { parseHttpDate } from './http-date.js'

/** Statuses that may be taken for fresh though nothing says so (RFC 9110, 15.1). */
const HEURISTIC: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])

/** The share of its age at which an unlabelled page is still taken for fresh, and at most how long (RFC 9111, 4.2.2). */
const HEURISTIC_SHARE = 0.1
const HEURISTIC_MAX_MS = 86_400_000

/** When a response was made, as far as can be told. */
export interface Arrival {
  /** Epoch ms: when its head came. */
  readonly now: number
  /** How long it was waited for, ms. */
  readonly delayMs: number
}

/** How old the response was when it came, ms: the more cautious of what its `Age` and its `Date` say (RFC 9111, 4.2.3). */
export function initialAgeMs(headers: OutgoingHttpHeaders, { now, delayMs }: Arrival): number {
  const date = parseHttpDate(headers['date'], now)
  // A `Date` has no parts of seconds, so those of now do not count either.
  const apparent = date === undefined ? 0 : Math.max(0, now - (now % 1000) - date)
  return Math.max(apparent, ageSeconds(headers['age']) * 1000 + delayMs)
}

/** `Age` as it came: of several the first, and 0 if that is no number (RFC 9111, 5.1). */
export function ageSeconds(field: OutgoingHttpHeaders[string]): number {
  return field === undefined ? 0 : (seconds(fieldText(field).split(',', 1)[0]?.trim()) ?? 0)
}

/** How long the head says that the response is fresh, ms from when it was made; `undefined` if it says nothing (RFC 9111, 4.2.1). */
export function explicitLifetimeMs(
  headers: OutgoingHttpHeaders,
  directives: Directives,
  targeted: boolean,
  now: number,
): number | undefined {
  const maxAge = sharedMaxAgeSeconds(directives)
  if (maxAge !== undefined) return maxAge * 1000
  return targeted || headers['expires'] === undefined ? undefined : expiresInMs(headers, now)
}

/** An invalid date, `0` above all, means already expired (RFC 9111, 5.3). Without a valid `Date` it counts from now. */
function expiresInMs(headers: OutgoingHttpHeaders, now: number): number {
  const expires = parseHttpDate(headers['expires'], now)
  return expires === undefined ? 0 : Math.max(0, expires - (parseHttpDate(headers['date'], now) ?? now))
}

/** How long a response that says nothing of it may be taken for fresh: a share of how long it had not changed (RFC 9111, 4.2.2). */
export function heuristicLifetimeMs(headers: OutgoingHttpHeaders, now: number): number | undefined {
  const modified = parseHttpDate(headers['last-modified'], now)
  if (modified === undefined) return undefined
  const unchanged = (parseHttpDate(headers['date'], now) ?? now) - modified
  return Math.min(Math.max(0, unchanged * HEURISTIC_SHARE), HEURISTIC_MAX_MS)
}

/** May it be kept though it names no lifetime (RFC 9111, 3)? */
export function isHeuristicallyCacheable(status: number, directives: Directives): boolean {
  return HEURISTIC.has(status) || directives.has('public')
}
