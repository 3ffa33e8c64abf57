import type { IncomingHttpHeaders, OutgoingHttpHeader, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { accept, type Accepts } from '../cache/visit.js'
import type { Entry } from '../entries/entry.js'
import { statusOfCollapsed, statusOfHit, statusOfRevalidated, timingOf, type Outcome } from '../http/cache-status.js'
import { CODINGS } from '../http/codings.js'
import { firstNamed, isConditional, isHeld } from '../http/conditions.js'
import type { Encodings } from './encodings.js'
import type { Asked } from '../http/asked.js'
import { fieldSent, fieldText } from '../http/field-text.js'
import { beginFilling, filled, filledSoon, isAtHand, type Begun } from './filled.js'
import { encodedTag, type Form, type Head } from './form.js'
import type { Holes } from '../holes/holes.js'
import { ageMs, isPage, type HeaderValue, type KeptPage } from './kept-page.js'
import { markTiming } from './mark.js'
import { withNonce } from './nonces.js'
import { weakenIfEncoded } from './outer-encoding.js'
import { sliceAsked } from '../http/ranges.js'
import { sendStream } from './send-stream.js'
import type { Teller } from './told.js'

/** A kept page turned into the response to one request. */
export interface Answer {
  readonly status: number
  readonly statusMessage: string | undefined
  /** Names and values in turn, as `writeHead` takes them; a repeated field has all its values in one place. */
  readonly head: Head
  readonly removed: readonly string[]
  readonly vary: string
  /** For `Server-Timing`, beside what others measured. */
  readonly timing?: string | undefined
  readonly body: Buffer | readonly Buffer[] | Readable | undefined
}

/** How the kept page came to be served. */
export type Served = 'hit' | 'stale' | 'collapsed' | 'revalidated' | 'error'

/** What a 304 repeats of the 200 (RFC 9110, 15.4.5). */
const SENT_WITH_304: ReadonlySet<string> = new Set(['cache-control', 'content-location', 'date', 'expires'])

/** What a 416 repeats of the 200. */
const SENT_WITH_416: ReadonlySet<string> = new Set(['accept-ranges'])

/** Does the visitor already have this page? `headers` are those it sent. */
export function isNotModified(
  headers: IncomingHttpHeaders,
  status: number,
  etag: string | undefined,
  modified: string | undefined,
  now: number,
): boolean {
  return status === 200 && isConditional(headers) && (namesIt(headers, etag) || isHeld(headers, etag, modified, now))
}

/** Most visitors who come back send just the validator that they were given. */
function namesIt(headers: IncomingHttpHeaders, etag: string | undefined): boolean {
  return etag !== undefined && headers['if-none-match'] === etag && headers['cache-control'] === undefined
}

/** The validator of the page in the form that the visitor has of it, as it is or encoded: it is that form that a 304 is about (RFC 9111, 4.3.4). */
export function tagHeld(headers: IncomingHttpHeaders, etag: string | undefined): string | undefined {
  const field = headers['if-none-match']
  if (field === undefined || etag === undefined || field === etag) return etag
  return firstNamed(field, [etag, ...CODINGS.map(coding => encodedTag(etag, coding) ?? etag)]) ?? etag
}

/** Makes answers of kept pages. */
export class Answerer {
  readonly #timing: boolean
  readonly #encodings: Encodings
  readonly #tell: Teller | undefined
  readonly #holes: Holes

  /** @param tell what else is said of a page of this age, besides the fields that `has` finds it to have */
  constructor(timing: boolean, encodings: Encodings, tell: Teller | undefined, holes: Holes) {
    this.#timing = timing
    this.#tell = tell
    this.#encodings = encodings
    this.#holes = holes
  }

  /** Is it a page that can be served by this process, `inFront` of the framework if need be? */
  canServe(kept: unknown, inFront = false): kept is KeptPage {
    return isPage(kept) && (kept.holes === undefined || this.#holes.know(kept.holes, inFront))
  }

  /** Who asks for a page takes none that this process cannot serve. */
  accepting(accepts: Accepts = accept): Accepts {
    return (entry, shared) => (!isPage(entry.value) || this.canServe(entry.value)) && accepts(entry, shared)
  }

  /**
   * The answer at `now` (epoch ms); a promise, where the visitor takes no form of the page that is made already.
   * @param visit what fills holes is given
   */
  answer(entry: Entry, page: KeptPage, asked: Asked, now: number, served: Served, visit: unknown): Answer | Promise<Answer> {
    const lesser = this.#lesser(entry, page, asked, now, served)
    if (lesser !== undefined) return lesser
    const form = this.#encodings.choose(entry, page, asked)
    if (form !== undefined) return this.#wholeSoon(entry, form, now, served, asked, visit)
    return this.#encodings.made(entry, page, asked).then(made => this.#wholeSoon(entry, made, now, served, asked, visit))
  }

  /** The same, of what is made already. */
  answerAtOnce(entry: Entry, page: KeptPage, asked: Asked, now: number, served: Served, visit: unknown): Answer {
    const form = this.#encodings.choose(entry, page, asked) ?? this.#encodings.identity(entry, page)
    const lesser = this.#lesser(entry, page, asked, now, served)
    if (lesser !== undefined) return lesser
    const whole = this.#whole(entry, form, now, served)
    return page.holes === undefined ? whole : withFilled(whole, form, beginFilling(form, this.#holes, visit, asked.method))
  }

  #wholeSoon(entry: Entry, form: Form, now: number, served: Served, asked: Asked, visit: unknown): Answer | Promise<Answer> {
    const whole = this.#whole(entry, form, now, served)
    if (form.page.holes === undefined) return whole
    const begun = beginFilling(form, this.#holes, visit, asked.method)
    return isAtHand(begun) ? withFilled(whole, form, begun) : filledSoon(begun).then(soon => withFilled(whole, form, soon))
  }

  /** A page with holes is yet to be filled. */
  #whole(entry: Entry, form: Form, now: number, served: Served): Answer {
    const { status, statusMessage, removed, vary } = form.page
    const make = () => headOfWhole(entry, form, now, served, this.#tell)
    const head = served === 'hit' ? form.head.at(entry, now, make) : make()
    const timing = this.#timingOf(entry, form.page, now, served)
    return { status, statusMessage, head, removed, vary, timing, body: form.body }
  }

  /** The answer to a visitor who has the page already, or asks for a part of it. */
  #lesser(entry: Entry, page: KeptPage, asked: Asked, now: number, served: Served): Answer | undefined {
    const { headers } = asked
    if (!isConditional(headers) && headers.range === undefined) return undefined
    const { status, body, etag, removed, vary, holes } = page
    if (holes !== undefined && etag === undefined) return undefined
    if (served === 'hit' && status === 200 && namesIt(headers, etag)) {
      const make = () => headOf(entry, page, now, served, { etag, only: SENT_WITH_304, tell: this.#tell })
      const head = this.#encodings.identity(entry, page).headOf304.at(entry, now, make)
      return {
        status: 304,
        statusMessage: undefined,
        head,
        removed,
        vary,
        timing: this.#timingOf(entry, page, now, served),
        body: undefined,
      }
    }
    const modified = fieldKept(page, 'last-modified')
    const common = { statusMessage: undefined, removed, vary, timing: this.#timingOf(entry, page, now, served) }
    const held = tagHeld(headers, etag)
    if (isNotModified(headers, status, held, modified, now)) {
      return {
        ...common,
        status: 304,
        head: headOf(entry, page, now, served, { etag: held, only: SENT_WITH_304, tell: this.#tell }),
        body: undefined,
      }
    }
    if (holes !== undefined || fieldKept(page, 'accept-ranges') !== 'bytes' || !this.#encodings.takesIdentity(page, asked)) return undefined
    const slice = sliceAsked(asked, { status, body, type: fieldKept(page, 'content-type'), etag, modified, madeAt: entry.createdAt })
    if (slice === undefined) return undefined
    const details = slice.status === 416 ? { only: SENT_WITH_416 } : { tell: this.#tell }
    const head = headOf(entry, page, now, served, { etag, ...details, length: slice.body.length })
    return { ...common, status: slice.status, head: withFields(head, slice.fields), body: slice.body }
  }

  #timingOf(entry: Entry, page: KeptPage, now: number, served: Served): string | undefined {
    return this.#timing ? timingOf(outcomeOf(served), entry.loadMs, ageMs(entry, page, now)) : undefined
  }
}

function withFilled(whole: Answer, form: Form, begun: Begun): Answer {
  const { body, length, nonce } = filled(form, begun)
  const head = form.nonced ? withNonce(whole.head, nonce) : whole.head
  return { ...whole, body, head: length === undefined ? head : [...head, 'Content-Length', String(length)] }
}

/** The head of an answer with the whole page in this form. */
function headOfWhole(entry: Entry, { page, coding, etag, body }: Form, now: number, served: Served, tell: Teller | undefined): Head {
  const length = page.status === 204 || page.holes !== undefined ? undefined : body.length
  const head = headOf(entry, page, now, served, { etag, length, tell })
  return coding === undefined ? head : [...head, 'Content-Encoding', coding]
}

interface HeadDetails {
  readonly etag: string | undefined
  readonly length?: number | undefined
  /** Which of the page's fields are sent. */
  readonly only?: ReadonlySet<string> | undefined
  readonly tell?: Teller | undefined
}

function headOf(entry: Entry, page: KeptPage, now: number, served: Served, { etag, length, only, tell }: HeadDetails): Head {
  const head: HeaderValue[] = []
  for (const [name, value] of page.headers) if (only === undefined || only.has(name.toLowerCase())) head.push(name, value)
  if (page.vary !== '') head.push('Vary', page.vary)
  if (etag !== undefined) head.push('ETag', etag)
  if (length !== undefined) head.push('Content-Length', String(length))
  const ageSeconds = Math.floor(ageMs(entry, page, now) / 1000)
  head.push('Age', String(ageSeconds), 'Cache-Status', statusOf(served, Math.floor((entry.staleAt - now) / 1000)))
  if (tell !== undefined) head.push(...tell(ageSeconds, entry.tags, name => fieldKept(page, name) !== undefined, page.holes !== undefined))
  return head
}

function statusOf(served: Served, ttlSeconds: number): string {
  if (served === 'collapsed') return statusOfCollapsed(ttlSeconds)
  if (served === 'revalidated') return statusOfRevalidated(ttlSeconds)
  return statusOfHit(ttlSeconds, served === 'error' ? 'stale-if-error' : served === 'stale' ? 'stale' : undefined)
}

function outcomeOf(served: Served): Outcome {
  return served === 'stale' || served === 'error' ? 'stale' : 'hit'
}

/** The text of a field that is kept; `name` in lower case. */
function fieldKept({ headers }: KeptPage, name: string): string | undefined {
  const value = headers.find(([kept]) => kept.toLowerCase() === name)?.[1]
  return typeof value === 'string' ? value : undefined
}

/** Sends the answer straight through Node's response: what outer middleware set and the page does not, stays. */
export function send(response: ServerResponse, answer: Answer): void {
  const { status, statusMessage, body } = answer
  const head = beginAnswer(response, answer)
  // Who has wrapped `write` may encode what passes.
  if (Object.hasOwn(response, 'write') && fieldIn(head, 'content-encoding') === undefined) weakenIfEncoded(response)
  // The usual one, and not one that a handler has left behind.
  if (statusMessage !== undefined || response.statusMessage) response.statusMessage = statusMessage ?? ''
  response.writeHead(status, head as OutgoingHttpHeader[])
  if (body === undefined || Buffer.isBuffer(body)) response.end(body)
  else if (body instanceof Readable) {
    // What is first to come may wait for a hole.
    response.flushHeaders()
    sendStream(response, body)
  } else {
    // Nothing of it waits in memory that does not lie there anyway.
    for (const piece of body) response.write(piece)
    response.end()
  }
}

/**
 * What an answer changes of the head that outer middleware prepared, apart from setting its own fields.
 * @returns those fields
 */
export function beginAnswer(response: ServerResponse, { status, head, removed, vary, timing }: Answer): Head {
  for (const name of removed) response.removeHeader(name)
  if (timing !== undefined) markTiming(response, timing)
  const before = vary === '' ? undefined : response.getHeader('vary')
  const varying = before === undefined ? head : withFields(head, ['Vary', mergedVary(before, vary)])
  if (status !== 206) return varying
  // A part is counted in bytes as they are: nobody may encode it further out.
  const control = fieldIn(head, 'cache-control') ?? response.getHeader('cache-control')
  return withFields(varying, ['Cache-Control', control === undefined ? 'no-transform' : `${fieldText(control)}, no-transform`])
}

/** The head with these fields in the place of its own of the same names. */
function withFields(head: Head, fields: readonly string[]): Head {
  const names = new Set(fields.filter((_, at) => at % 2 === 0).map(name => name.toLowerCase()))
  const kept = head.filter((_, at) => !names.has(String(head[at - (at % 2)]).toLowerCase()))
  return [...kept, ...fields]
}

function fieldIn(head: Head, name: string): HeaderValue | undefined {
  const at = head.findIndex((field, place) => place % 2 === 0 && String(field).toLowerCase() === name)
  return at === -1 ? undefined : head[at + 1]
}

/** Both `Vary` fields in one, each name once, in the first spelling. */
export function mergedVary(field: OutgoingHttpHeader | undefined, more: string): string {
  if (field === undefined && !more.includes(',')) return more.trim()
  const names = new Map<string, string>()
  for (const name of `${fieldText(field)},${more}`.split(',')) {
    const trimmed = name.trim()
    if (trimmed !== '' && !names.has(trimmed.toLowerCase())) names.set(trimmed.toLowerCase(), trimmed)
  }
  return [...names.values()].join(', ')
}

/** For who wants a page only if it is kept, and it is not (RFC 9111, 5.2.1.7). */
export const NOT_CACHED: Answer = {
  status: 504,
  statusMessage: undefined,
  head: ['Content-Length', '0', 'Cache-Status', 'smart-cache; detail=only-if-cached'],
  removed: [],
  vary: '',
  body: Buffer.alloc(0),
}

/** Fields that describe a body, of which a 304 has none (RFC 9110, 15.4.5). */
export const ABOUT_BODY: readonly string[] = [
  'accept-ranges',
  'content-type',
  'content-length',
  'content-encoding',
  'content-language',
  'content-range',
  'last-modified',
  'transfer-encoding',
]

/**
 * What answers, in the stead of the whole page that a handler has just made, a visitor who has it already or, where its `body` is known, asks for a part of
 * it. What is not said here stays as the handler has set it.
 */
export function lesserAnswer(response: ServerResponse, body: Buffer | undefined, asked: Asked, now: number): Answer | undefined {
  if (!isConditional(asked.headers) && asked.headers.range === undefined) return undefined
  const [etag, modified, type, ranges] = ['etag', 'last-modified', 'content-type', 'accept-ranges'].map(name => fieldSent(response, name))
  const { statusCode: status } = response
  const common = { statusMessage: undefined, vary: '' }
  const held = tagHeld(asked.headers, etag)
  if (isNotModified(asked.headers, status, held, modified, now)) {
    return { ...common, status: 304, head: held === etag || held === undefined ? [] : ['ETag', held], removed: ABOUT_BODY, body: undefined }
  }
  if (ranges !== 'bytes' || body === undefined) return undefined
  const slice = sliceAsked(asked, { status, body, type, etag, modified, madeAt: now })
  if (slice === undefined) return undefined
  const head = [...slice.fields, 'Content-Length', String(slice.body.length)]
  return { ...common, status: slice.status, head, removed: slice.status === 416 ? ABOUT_BODY : [], body: slice.body }
}
