import type { IncomingHttpHeaders, OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Policy } from '../cache/policy.js'
import { keptHead, ownField, type KeptPage } from '../responses/kept-page.js'
import { lifespanOf, termsOf } from './lifespan.js'
import type { Arrival } from '../http/lifetime.js'
import { policyFor, type PagePolicy } from './page-policy.js'
import { judgeHead, type Keeping } from '../http/response-gate.js'

/** The fields by which a handler is asked whether a page still holds (RFC 9111, 4.3.1). */
export function validatorsOf(page: KeptPage): IncomingHttpHeaders {
  const modified = fieldsOf(page)['last-modified']
  return {
    ...(page.etag === undefined ? {} : { 'if-none-match': page.etag }),
    ...(modified === undefined ? {} : { 'if-modified-since': String(modified) }),
  }
}

/** Fields that belong to the kept bytes: what a 304 says of them is not taken over (RFC 9111, 3.2). */
const OF_THE_BYTES: ReadonlySet<string> = new Set(['content-encoding', 'content-md5', 'content-range'])

/** What comes of a 304 from the handler. */
interface Revalidated {
  /** The kept page with the head of now. */
  readonly page: KeptPage
  readonly allowed: Keeping
  /** How it is kept, if it may be. */
  readonly policy: Policy
  /** What the 304 sets for its visitor alone. */
  readonly cookies: readonly string[] | undefined
}

/**
 * The kept page, freshened by the 304 of its handler (RFC 9111, 3.2 and 4.3.4). The handler was asked about this one page, so its 304 is
 * about this one, whatever `ETag` it bears.
 * @param before what the response had been given before the route began
 */
export function revalidated<Visit>(
  base: KeptPage,
  response: ServerResponse,
  before: OutgoingHttpHeaders,
  rules: PagePolicy<Visit>,
  arrival: Arrival,
): Revalidated {
  const sent = response.getHeaders()
  const headers = updatedHeaders(base, keptHead(response, sent, before, [], arrival.now).headers)
  const cookies = ownField(sent, before, 'set-cookie')
  const head = {
    ...arrival,
    status: base.status,
    headers: { ...fieldsOf({ headers }), etag: base.etag, vary: base.vary, age: ownField(sent, before, 'age') },
    setsCookies: cookies !== undefined,
  }
  const policy = policyFor(rules, base.status) ?? rules.policy
  const allowed = judgeHead(head, termsOf(rules, policy))
  const page = { ...base, headers: headers.filter(([name]) => !allowed.keep || !allowed.omitted.includes(name.toLowerCase())) }
  const told = cookies === undefined ? undefined : [cookies].flat().map(String)
  if (!allowed.keep) return { page, allowed, policy, cookies: told }
  const lifespan = lifespanOf(rules, policy, allowed)
  return { page: { ...page, ...lifespan.page }, allowed, policy: lifespan.policy, cookies: told }
}

function updatedHeaders({ headers }: KeptPage, update: KeptPage['headers']): KeptPage['headers'] {
  const news = update.filter(([name]) => !OF_THE_BYTES.has(name.toLowerCase()))
  const updated = new Set(news.map(([name]) => name.toLowerCase()))
  return [...headers.filter(([name]) => !updated.has(name.toLowerCase())), ...news]
}

function fieldsOf({ headers }: Pick<KeptPage, 'headers'>): Record<string, OutgoingHttpHeader> {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : [...value]]))
}
