import type { OutgoingHttpHeaders } from 'node:http'
import type { Schedule } from '../freshness/schedule.js'
import { seconds, type Directives } from './cache-control.js'
import type { Arrival } from './lifetime.js'

/** The head of a response on its way out. */
export interface Head extends Arrival {
  readonly status: number
  /** All its fields, names in lower case. */
  readonly headers: OutgoingHttpHeaders
  /** Whether the route itself set cookies. */
  readonly setsCookies: boolean
}

/** Who says how long a page is kept, and what the policy says where the response says nothing. */
export interface Terms {
  readonly honor: 'policy' | 'origin'
  /** For how long a response that names no lifetime is fresh. Where the origin rules, absent unless the policy was given one. */
  readonly silent: Schedule | undefined
  readonly graceMs: number
  readonly staleIfErrorMs: number
}

/** What the head of a response that may be kept allows. */
export interface Allowance {
  /** When the response was made (epoch ms), if it says that it was not made just now. */
  readonly bornAt: number | undefined
  /** Fresh for no longer than until then (epoch ms), where the response names a limit. */
  readonly staleAt: number | undefined
  /** For how long after that it may be served stale while it is refreshed, and when a load fails. */
  readonly graceMs: number
  readonly staleIfErrorMs: number
  /** May its origin be asked later whether it still holds, by the validators it gave? */
  readonly revalidate: boolean
  /** Fields that are not for everybody, though the rest is: lower case. */
  readonly omitted: readonly string[]
}

/** May it be served at all once it is stale (RFC 9111, 4.2.4, 5.2.2.2, 5.2.2.8, 5.2.2.10)? */
export function mayBeServedStale(directives: Directives): boolean {
  return !directives.has('must-revalidate') && !directives.has('proxy-revalidate') && !directives.has('s-maxage')
}

/** For how long after it went stale a directive allows it to be served (RFC 5861), ms; `undefined` where it is not there or no number. */
export function windowMs(directives: Directives, name: 'stale-while-revalidate' | 'stale-if-error'): number | undefined {
  const window = seconds(directives.get(name))
  return window === undefined ? undefined : window * 1000
}
