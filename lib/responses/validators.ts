import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConfigError, shown } from '../errors.js'
import { fieldSent } from '../http/field-text.js'
import { canonical } from '../keys/canonical.js'
import { ABOUT_BODY, isNotModified, tagHeld, type Answer } from './answer.js'

/** What can be known of an answer before the work of making it. */
export interface Validators {
  /**
   * An entity tag as HTTP writes it (`'"v7"'`, `'W/"v7"'`), or plain data that changes whenever the answer does, such as `[post.id, post.version]`:
   * of that a weak tag is made. `null` and `undefined` for none.
   */
  readonly etag?: unknown
  /** When what the answer is made of has changed last: a Date, or epoch ms. `null` and `undefined` for unknown. */
  readonly lastModified?: Date | number | null | undefined
}

const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/

/**
 * Puts the validators on the response, and answers with 304 a visitor who has what they validate (RFC 9110, 13.1).
 * @param now epoch ms
 * @returns `undefined` if the handler has to answer
 * @throws {ConfigError} for what is no instant; {KeyError} for an `etag` of more than plain data
 */
export function answerIfFresh(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { etag, lastModified }: Validators,
  now: number,
): Answer | undefined {
  const tag = entityTag(etag)
  const modified = modifiedField(lastModified, now)
  if (tag !== undefined) response.setHeader('ETag', tag)
  if (modified !== undefined) response.setHeader('Last-Modified', modified)
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const sent = fieldSent(response, 'etag')
  const since = fieldSent(response, 'last-modified')
  const held = tagHeld(headers, sent)
  // Of what is perhaps not there nothing is known, whatever `If-None-Match: *` says.
  if ((sent === undefined && since === undefined) || !isNotModified(headers, 200, held, since, now)) return undefined
  const head = held === sent || held === undefined ? [] : ['ETag', held]
  // Without a tag the date is what a cache goes by (RFC 9110, 15.4.5).
  const removed = ABOUT_BODY.filter(name => name !== 'last-modified' || sent !== undefined)
  return { status: 304, statusMessage: undefined, head, removed, vary: '', body: undefined }
}

function entityTag(given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined
  if (typeof given === 'string' && ENTITY_TAG.test(given)) return given
  return `W/"${hash('sha256', canonical(given), 'base64url').slice(0, 22)}"`
}

/**
 * HTTP counts in seconds: of what has changed in this very second it could change again, and nobody would know. So that is said of nothing
 * younger (RFC 9110, 8.8.2.2).
 */
function modifiedField(given: unknown, now: number): string | undefined {
  if (given === undefined || given === null) return undefined
  const at = given instanceof Date ? given.getTime() : given
  if (typeof at !== 'number' || Number.isNaN(new Date(at).getTime())) {
    throw new ConfigError(`Expected \`lastModified\` to be a Date, epoch milliseconds or nothing, got ${shown(given)}`)
  }
  return Math.floor(at / 1000) < Math.floor(now / 1000) ? new Date(at).toUTCString() : undefined
}
