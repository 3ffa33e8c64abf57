import { STATUS_CODES, type OutgoingHttpHeaders } from 'node:http'
import { mayBeServedStale, windowMs, type Allowance, type Head, type Terms } from './allowance.js'
import type { Directives } from './cache-control.js'
import { governing } from './governing.js'
import { parseHttpDate } from './http-date.js'
import { explicitLifetimeMs, heuristicLifetimeMs, initialAgeMs, isHeuristicallyCacheable } from './lifetime.js'

/**
 * What the response's own head allows, where it rules (RFC 9111 as a shared cache reads it). The policy is asked only where the head says
 * nothing. @returns the reason, if it forbids all
 */
export function allowedByOrigin(head: Head, terms: Terms): Allowance | string {
  const { status, headers, now } = head
  const { directives, targeted } = governing(headers)
  if (directives === undefined) return targeted ? 'targeted' : 'cache-control'
  const forbidden = whyNotStore(status, directives)
  if (forbidden !== undefined) return forbidden

  const explicitMs = explicitLifetimeMs(headers, directives, targeted, now)
  if (explicitMs === undefined && !isHeuristicallyCacheable(status, directives)) return 'status'
  const lifetimeMs = explicitMs ?? silentLifetimeMs(head, terms)
  const bornAt = now - initialAgeMs(headers, head)
  // `no-cache` may be kept, and served never without asking (RFC 9111, 5.2.2.4).
  const freshMs = isNoCache(directives) ? 0 : Math.max(0, bornAt + (lifetimeMs ?? 0) - now)
  const staleForMs = isNoCache(directives) ? 0 : Math.max(0, now - bornAt - (lifetimeMs ?? 0))

  const stale = mayBeServedStale(directives) && !isNoCache(directives)
  const askedGraceMs = windowMs(directives, 'stale-while-revalidate')
  const askedErrorMs = windowMs(directives, 'stale-if-error')
  const graceMs = stale ? Math.max(0, (askedGraceMs ?? terms.graceMs) - staleForMs) : 0
  const staleIfErrorMs = stale ? Math.max(0, (askedErrorMs ?? terms.staleIfErrorMs) - staleForMs) : 0

  // A 304 is an answer in the place of a 200 (RFC 9110, 13.2.1), and would say of an error page no more than that it reads the same.
  const revalidate = status === 200 && hasValidator(headers, now)
  // What is stale at once is kept only for something that the head itself has asked for.
  const useful =
    freshMs > 0 || revalidate || (askedGraceMs !== undefined && graceMs > 0) || (askedErrorMs !== undefined && staleIfErrorMs > 0)
  if (!useful) return isNoCache(directives) ? 'no-cache' : 'max-age'
  return { bornAt, staleAt: now + freshMs, graceMs, staleIfErrorMs, revalidate, omitted: fieldsNamedBy(directives) }
}

/** RFC 9111, 3, with the order of 5.2.2.3: who understands the status need not mind the `no-store` beside `must-understand`. */
function whyNotStore(status: number, directives: Directives): string | undefined {
  // An answer to one visitor's question, and no page (RFC 9110, 15.3.7 and 15.4.5).
  if (status === 206 || status === 304) return 'status'
  const must = directives.has('must-understand')
  if (must && STATUS_CODES[status] === undefined) return 'must-understand'
  if (directives.has('no-store') && !must) return 'no-store'
  return directives.has('private') && directives.get('private') === undefined ? 'private' : undefined
}

/** Without a list of fields it concerns the whole (RFC 9111, 5.2.2.4). */
function isNoCache(directives: Directives): boolean {
  return directives.has('no-cache') && directives.get('no-cache') === undefined
}

/** Fields named by `no-cache="…"` and `private="…"`: the rest is for everybody (RFC 9111, 5.2.2.4 and 5.2.2.7). */
function fieldsNamedBy(directives: Directives): readonly string[] {
  const lists = ['no-cache', 'private'].map(name => directives.get(name) ?? '')
  return lists
    .flatMap(list => list.split(','))
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '')
}

/** How long it is fresh where nothing says so: what the policy was told, or a share of how long it had not changed. */
function silentLifetimeMs({ headers, now }: Head, { silent }: Terms): number | undefined {
  return silent === undefined ? heuristicLifetimeMs(headers, now) : silent(now) - now
}

/** Can its origin be asked whether it still holds (RFC 9111, 4.3.1)? */
function hasValidator(headers: OutgoingHttpHeaders, now: number): boolean {
  return headers['etag'] !== undefined || parseHttpDate(headers['last-modified'], now) !== undefined
}
