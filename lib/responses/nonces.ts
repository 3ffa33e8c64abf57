import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { ownField, type HeaderValue, type KeptPage } from './kept-page.js'
import { fieldText } from '../http/field-text.js'

/** In kept fields, where the nonce of each answer goes: no field can have it otherwise (RFC 9110, 5.5). */
const PLACE = '\0nonce\0'

const POLICIES = ['content-security-policy', 'content-security-policy-report-only'] as const

/** The nonces that a head names for its scripts and styles: made anew for each answer, by whoever set them. */
export function noncesIn(headers: OutgoingHttpHeaders): readonly string[] {
  const policies = POLICIES.map(name => headers[name]).filter(field => field !== undefined)
  if (policies.length === 0) return policies
  return Array.from(
    policies
      .map(fieldText)
      .join()
      .matchAll(/'nonce-([\w+/-]{8,}={0,2})'/g),
    ([, nonce = '']) => nonce,
  )
}

/**
 * Would a page be kept with a nonce that is one visitor's? One that its route names for scripts and styles, or one that was named outside of the
 * route and stands in the body.
 * @param headers all its fields, and those that it had before the route began
 * @param body as far as it is known
 * @param ours a nonce that is made anew for each answer
 */
export function bearsNonce(
  headers: OutgoingHttpHeaders,
  before: OutgoingHttpHeaders,
  body: Buffer | undefined,
  ours: string | undefined,
): boolean {
  if (POLICIES.every(name => headers[name] === undefined)) return false
  const own = Object.fromEntries(POLICIES.map(name => [name, ownField(headers, before, name)]))
  if (noncesIn(own).some(nonce => nonce !== ours)) return true
  return noncesIn(headers).some(nonce => nonce !== ours && body?.includes(nonce) === true)
}

/** The same of a response that has left, of which this page would be kept. What is encoded cannot be looked into. */
export function keepsNonce(
  response: ServerResponse,
  { body, headers }: Pick<KeptPage, 'body' | 'headers'>,
  ours: string | undefined,
): boolean {
  if (!POLICIES.some(name => response.hasHeader(name))) return false
  const foreign = noncesIn(response.getHeaders()).filter(nonce => nonce !== ours)
  return (
    foreign.length > 0 &&
    (headers.some(([name]) => name.toLowerCase() === 'content-encoding') || foreign.some(nonce => body.includes(nonce)))
  )
}

/** The fields as they are kept: with a place for the nonce of each answer. */
export function withoutNonce(
  headers: readonly (readonly [string, HeaderValue])[],
  nonce: string | undefined,
): readonly (readonly [string, HeaderValue])[] {
  if (nonce === undefined) return headers
  return headers.map(([name, value]) => [name, replaced(value, nonce, PLACE)] as const)
}

/** The flat head of one answer, with its nonce. */
export function withNonce(head: readonly HeaderValue[], nonce: string): readonly HeaderValue[] {
  return head.map(value => replaced(value, PLACE, nonce))
}

function replaced(value: HeaderValue, text: string, by: string): HeaderValue {
  return typeof value === 'string' ? value.replaceAll(text, by) : value.map(line => line.replaceAll(text, by))
}

/** Have kept fields a place for a nonce? */
export function hasNonce(headers: readonly (readonly [string, HeaderValue])[]): boolean {
  return headers.some(([, value]) => String(value).includes(PLACE))
}
