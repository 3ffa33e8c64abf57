import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ShadowReport } from '../cache/events.js'
import { canonical } from '../keys/canonical.js'
import type { HeaderValue, ShadowPage } from '../responses/kept-page.js'

/** In what an answer differs from one that was kept: where, and not what. */
export type Difference = Omit<ShadowReport, 'verdict' | 'certain'>

/** Fields that say when and for how long, or which answer this is, and nothing of the page: they differ from answer to answer. */
const OF_ONE_ANSWER: ReadonlySet<string> = new Set([
  'cache-control',
  'cdn-cache-control',
  'correlation-id',
  'expires',
  'last-modified',
  'request-id',
  'surrogate-control',
  'traceparent',
  'x-correlation-id',
  'x-request-id',
  'x-response-time',
  'x-runtime',
  'x-trace-id',
])

/** By what a server tells one visitor from another: the same for the same credentials, and nothing that could be read back. */
export function visitorOf({ cookie, authorization }: IncomingHttpHeaders): string {
  return hash('sha256', canonical([cookie, authorization]), 'base64url').slice(0, 16)
}

/** What is compared of a head. @param own the fields that are the route's, as they are kept */
export function comparedHeaders(
  own: readonly (readonly [name: string, value: HeaderValue])[],
  nonces: readonly string[],
): ShadowPage['headers'] {
  return own
    .map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? without(value, nonces) : value] as const)
    .filter(([name]) => !OF_ONE_ANSWER.has(name))
}

/** What is compared of a body. */
export function comparedBody(body: Buffer, nonces: readonly string[]): Buffer {
  return nonces.length === 0 ? body : Buffer.from(without(body.toString('latin1'), nonces), 'latin1')
}

function without(text: string, nonces: readonly string[]): string {
  return nonces.reduce((rest, nonce) => rest.replaceAll(nonce, ''), text)
}

/** @param body absent while it is yet to come: then the heads alone are compared */
export function differenceOf(
  kept: ShadowPage,
  answered: Pick<ShadowPage, 'status' | 'headers'> & { readonly body: Buffer | undefined },
): Difference | undefined {
  const status = kept.status === answered.status ? undefined : { kept: kept.status, answered: answered.status }
  const headers = differingNames(kept.headers, answered.headers)
  const body = answered.body === undefined || kept.body.equals(answered.body) ? undefined : differingFrom(kept.body, answered.body)
  return status === undefined && headers.length === 0 && body === undefined ? undefined : { status, headers, body }
}

function differingNames(kept: ShadowPage['headers'], answered: ShadowPage['headers']): readonly string[] {
  const values = (headers: ShadowPage['headers']) => new Map(headers.map(([name, value]) => [name, String(value)]))
  const [before, now] = [values(kept), values(answered)]
  return [...new Set([...before.keys(), ...now.keys()])].filter(name => before.get(name) !== now.get(name)).toSorted()
}

function differingFrom(kept: Buffer, answered: Buffer): Difference['body'] {
  const at = answered.findIndex((byte, place) => kept[place] !== byte)
  return { at: at === -1 ? answered.length : at, keptBytes: kept.length, answeredBytes: answered.length }
}
