import type { IncomingHttpHeaders, OutgoingHttpHeader, ServerResponse } from 'node:http'
import fresh from 'fresh'
import type { Entry } from '../entries/entry.js'
import { timingOf, statusOfCollapsed, statusOfHit, type Outcome } from './cache-status.js'
import { fieldText } from './field-text.js'
import type { HeaderValue, KeptPage } from './kept-page.js'
import { markTiming } from './mark.js'

/** A kept page turned into the response to one request. */
export interface Answer {
  readonly status: number
  readonly statusMessage: string | undefined
  /** Names and values in turn, as `writeHead` takes them; a repeated field has all its values in one place. */
  readonly head: readonly HeaderValue[]
  readonly removed: readonly string[]
  readonly vary: string
  /** For `Server-Timing`, beside what others measured. */
  readonly timing?: string | undefined
  readonly body: Buffer | undefined
}

/** How the kept page came to be served. */
export type Served = 'hit' | 'stale' | 'collapsed' | 'error'

/** What a 304 repeats of the 200 (RFC 9110, 15.4.5). */
const SENT_WITH_304: ReadonlySet<string> = new Set(['cache-control', 'content-location', 'expires'])

/** Does the visitor already have this page (RFC 9110, 13.1)? `headers` are those it sent. */
export function isNotModified(
  headers: IncomingHttpHeaders,
  status: number,
  etag: string | undefined,
  modified: string | undefined,
): boolean {
  if (status !== 200) return false
  if (headers['if-none-match'] === undefined && headers['if-modified-since'] === undefined) return false
  return fresh(headers, { etag, 'last-modified': modified })
}

/** Makes answers of kept pages. What all answers to hits in one second have in common is made once a second. */
export class Answerer {
  readonly #timing: boolean
  readonly #heads = new WeakMap<Entry, { readonly second: number; readonly staleAt: number; readonly head: Answer['head'] }>()

  constructor(timing: boolean) {
    this.#timing = timing
  }

  /** The answer to a request with these headers, at `now` (epoch ms). */
  answer(entry: Entry, page: KeptPage, headers: IncomingHttpHeaders, now: number, served: Served): Answer {
    const { status, statusMessage, removed, vary, body, etag } = page
    const timing = this.#timing ? timingOf(outcomeOf(served), entry.loadMs, Math.max(0, now - entry.createdAt)) : undefined
    if (isNotModified(headers, status, etag, lastModified(page))) {
      return { status: 304, statusMessage: undefined, head: headOf(entry, page, now, served, true), removed, vary, timing, body: undefined }
    }
    const head = served === 'hit' ? this.#headOfHit(entry, page, now) : headOf(entry, page, now, served, false)
    return { status, statusMessage, head, removed, vary, timing, body }
  }

  #headOfHit(entry: Entry, page: KeptPage, now: number): Answer['head'] {
    const second = Math.floor(now / 1000)
    const made = this.#heads.get(entry)
    if (made !== undefined && made.second === second && made.staleAt === entry.staleAt) return made.head
    const head = headOf(entry, page, now, 'hit', false)
    this.#heads.set(entry, { second, staleAt: entry.staleAt, head })
    return head
  }
}

function headOf(entry: Entry, page: KeptPage, now: number, served: Served, notModified: boolean): Answer['head'] {
  const head: HeaderValue[] = []
  for (const [name, value] of page.headers) if (!notModified || SENT_WITH_304.has(name.toLowerCase())) head.push(name, value)
  if (page.etag !== undefined) head.push('ETag', page.etag)
  if (!notModified && page.status !== 204) head.push('Content-Length', String(page.body.length))
  const ageSeconds = Math.floor(Math.max(0, now - entry.createdAt) / 1000)
  head.push('Age', String(ageSeconds), 'Cache-Status', statusOf(served, Math.floor((entry.staleAt - now) / 1000)))
  return head
}

function statusOf(served: Served, ttlSeconds: number): string {
  if (served === 'collapsed') return statusOfCollapsed(ttlSeconds)
  return statusOfHit(ttlSeconds, served === 'error' ? 'stale-if-error' : served === 'stale' ? 'stale' : undefined)
}

function outcomeOf(served: Served): Outcome {
  return served === 'hit' || served === 'collapsed' ? 'hit' : 'stale'
}

function lastModified({ headers }: KeptPage): string | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'last-modified')?.[1]
  return typeof value === 'string' ? value : undefined
}

/** Sends the answer straight through Node's response: what outer middleware set and the page does not, stays. */
export function send(response: ServerResponse, answer: Answer): void {
  const { status, statusMessage, head, body } = answer
  beginAnswer(response, answer)
  // The usual one, and not one that a handler has left behind.
  if (statusMessage !== undefined || response.statusMessage) response.statusMessage = statusMessage ?? ''
  response.writeHead(status, head as OutgoingHttpHeader[])
  response.end(body)
}

/** What an answer changes of the head that outer middleware prepared, apart from setting its own fields. */
export function beginAnswer(response: ServerResponse, { removed, vary, timing }: Answer): void {
  for (const name of removed) response.removeHeader(name)
  if (timing !== undefined) markTiming(response, timing)
  if (vary !== '') response.setHeader('Vary', mergedVary(response.getHeader('vary'), vary))
}

/** Both `Vary` fields in one, each name once, in the first spelling. */
export function mergedVary(field: OutgoingHttpHeader | undefined, more: string): string {
  const names = new Map<string, string>()
  for (const name of `${fieldText(field)},${more}`.split(',')) {
    const trimmed = name.trim()
    if (trimmed !== '' && !names.has(trimmed.toLowerCase())) names.set(trimmed.toLowerCase(), trimmed)
  }
  return [...names.values()].join(', ')
}

/** Fields that describe a body, of which a 304 has none (RFC 9110, 15.4.5). */
const ABOUT_BODY = [
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-range',
  'last-modified',
  'transfer-encoding',
]

/** What turns the head that a handler has made into that of a 304. */
export const NOT_MODIFIED: Answer = { status: 304, statusMessage: undefined, head: [], removed: ABOUT_BODY, vary: '', body: undefined }
