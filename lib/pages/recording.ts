import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import etagOf from 'etag'
import type { Lead } from '../cache/engine.js'
import { checkedTags, type Policy } from '../cache/policy.js'
import type { Entry } from '../entries/entry.js'
import { milliseconds, type Duration } from '../time/duration.js'
import { isNotModified, mergedVary, type Answer } from './answer.js'
import { statusOfMiss, timingOf } from './cache-status.js'
import type { Exchange } from './exchange.js'
import { copiedHeaders, keptHead, ownHeaders, type KeptPage } from './kept-page.js'
import { markTiming } from './mark.js'
import type { ResponseObserver } from './observe.js'
import type { PageCache } from './page-cache.js'
import type { PageKey } from './page-key.js'
import { declaredVary, isPersonal } from './page-policy.js'
import { judgeHead, type Keeping } from './response-gate.js'

/** Request fields by which a visitor asks for less than the whole page. The handler is asked for all of it. */
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-range', 'range'] as const

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

/** What is known of the page once its head has been found fit to be kept. */
interface Draft {
  readonly policy: Policy
  readonly page: Omit<KeptPage, 'body'>
  readonly announced: number | undefined
  readonly moved: Promise<void> | undefined
}

/** One handler's answer on its way out: judged at its head, copied as it passes, kept at its end if it is whole. */
export class Recording<Visit> implements ResponseObserver {
  readonly #pages: PageCache<Visit>
  readonly #exchange: Exchange<Visit>
  readonly #where: PageKey
  readonly #forward: 'uri-miss' | 'vary-miss' | 'stale'
  readonly #spare: Entry | undefined
  /** What the response had been given before the route began. */
  readonly #before: OutgoingHttpHeaders
  /** What the visitor sent: what a page varies on is compared with this, whatever a handler makes of the request. */
  readonly #headers: IncomingHttpHeaders
  readonly #asked: { readonly method: string | undefined; readonly conditions: IncomingHttpHeaders }
  readonly #chunks: Buffer[] = []
  #lead: Lead
  #length = 0
  #draft: Draft | undefined
  #refusal: string | undefined
  #ended = false
  #gaveWay = false

  constructor(
    pages: PageCache<Visit>,
    exchange: Exchange<Visit>,
    where: PageKey,
    lead: Lead,
    forward: 'uri-miss' | 'vary-miss' | 'stale',
    spare: Entry | undefined,
  ) {
    this.#pages = pages
    this.#exchange = exchange
    this.#where = where
    this.#lead = lead
    this.#forward = forward
    this.#spare = spare
    this.#before = copiedHeaders(exchange.response)
    this.#headers = { ...exchange.request.headers }
    this.#asked = askForWhole(exchange)
    exchange.response.once('close', () => this.abandon('aborted'))
    // Whoever logs the request, from then on, sees what the visitor sent.
    for (const event of ['finish', 'close']) exchange.response.prependOnceListener(event, () => this.#giveRequestBack())
  }

  get lead(): Lead {
    return this.#lead
  }

  /** Whether a policy further in has taken over. */
  get gaveWay(): boolean {
    return this.#gaveWay
  }

  /** Adds tags to the page. */
  tag(...names: readonly string[]): void {
    for (const tag of checkedTags(names)) this.#lead.scope.tags.add(this.#pages.prefix + tag)
  }

  /** Lets the page be fresh for no longer than `duration` from now; the shortest wins. */
  ttl(duration: Duration): void {
    this.#freshUntil(milliseconds(duration, 'ttl'))
  }

  /** Keeps the page from being kept, whatever is said later; those who wait for it go on by themselves. */
  never(): void {
    this.#lead.scope.never = true
    this.refuse('never')
  }

  head(whole: Buffer | undefined): Answer | undefined {
    if (this.#gaveWay) return undefined
    const { response } = this.#exchange
    if (response.statusCode >= 500) {
      const instead = this.failOver(new Error(`The handler answered with status ${response.statusCode}`))
      if (instead !== undefined) return instead
    }
    const keeping = this.#judge(whole)
    if (keeping.keep) this.#begin(keeping, whole)
    else this.refuse(keeping.reason)
    response.setHeader('Cache-Status', statusOfMiss(this.#forward, this.#refusal))
    if (this.#pages.timing) {
      markTiming(response, timingOf('miss', this.#pages.engine.clock.monotonic() - this.#lead.begunAt))
    }
    const instead = whole !== undefined && this.#visitorHasIt() ? NOT_MODIFIED : undefined
    this.#giveConditionsBack()
    return instead
  }

  chunk(bytes: Buffer): void {
    if (this.#draft === undefined || this.#refusal !== undefined) return
    this.#length += bytes.length
    this.#chunks.push(bytes)
    if (this.#length > this.#pages.page.maxBody) this.refuse('max-body')
  }

  trailers(): void {
    this.refuse('trailer')
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    const draft = this.#draft
    if (draft === undefined || this.#refusal !== undefined) return
    if (draft.announced !== undefined && draft.announced !== this.#length) this.refuse('truncated')
    else if (draft.moved === undefined) this.#keep(draft)
    else this.#pages.settle(draft.moved.then(() => this.#keep(draft)))
  }

  /** The answer is this visitor's alone, or cannot be kept: those who wait ask for themselves, at once. */
  refuse(reason: string): void {
    if (this.#refusal !== undefined) return
    this.#letGo(reason)
    this.#pages.settle(this.#pages.engine.unshare(this.#lead, reason))
  }

  /** No whole answer will come: one of those who wait takes over. */
  abandon(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#letGo(reason)
    this.#pages.settle(this.#pages.engine.abandon(this.#lead, reason))
  }

  /** The handler failed: what is left of the page is the answer, if anything is and the policy allows it. */
  failOver(error: unknown): Answer | undefined {
    if (this.#ended || this.#gaveWay || this.#spare === undefined || this.#exchange.response.headersSent) return undefined
    this.#ended = true
    this.#letGo('error')
    this.#pages.settle(this.#pages.engine.fail(this.#lead, error, this.#spare))
    this.#resetHead()
    return this.#pages.answerInstead(this.#spare, this.#asked.conditions, error)
  }

  /** A policy further in has a say of its own: the request and the head are its business from now on. */
  giveWay(): void {
    this.#gaveWay = true
    this.refuse('route-policy')
    this.#giveRequestBack()
  }

  /** The recording goes on under another key. */
  moveTo(lead: Lead): void {
    this.#lead = lead
  }

  #letGo(reason: string): void {
    this.#refusal = reason
    this.#chunks.length = 0
  }

  #freshUntil(ms: number): void {
    this.#lead.scope.include({ tags: [], staleAt: this.#pages.engine.clock.now() + ms })
  }

  #judge(whole: Buffer | undefined): Keeping {
    const { response } = this.#exchange
    const { statuses, maxBody } = this.#pages.page
    if (this.#refusal !== undefined) return { keep: false, reason: this.#refusal }
    if (!statuses.has(response.statusCode)) return { keep: false, reason: 'status' }
    if ((whole?.length ?? announcedLength(response.getHeader('content-length')) ?? 0) > maxBody) return { keep: false, reason: 'max-body' }
    return judgeHead(response.getHeaders(), ownHeaders(response, this.#before), this.#pages.engine.clock.now())
  }

  #begin({ maxAgeSeconds, stale, vary }: Keeping & { keep: true }, whole: Buffer | undefined): void {
    const { response } = this.#exchange
    const { page } = this.#pages
    const status = response.statusCode
    const policy = page.statuses.get(status) ?? page.policy
    if (maxAgeSeconds !== undefined) this.#freshUntil(maxAgeSeconds * 1000)
    const varies = mergedVary(response.getHeader('vary'), [...declaredVary(page), ...vary].join())
    if (varies !== '') response.setHeader('Vary', varies)
    if (isPersonal(page) && !response.hasHeader('cache-control')) response.setHeader('Cache-Control', 'private')
    if (whole !== undefined && status !== 204) this.#validate(whole)
    this.#draft = {
      policy: stale ? policy : { ...policy, graceMs: 0, staleIfErrorMs: 0 },
      page: {
        kind: 'page',
        status,
        statusMessage: response.statusMessage || undefined,
        ...keptHead(response, this.#before),
        vary: varies,
        etag: this.#sent('etag'),
      },
      announced: announcedLength(response.getHeader('content-length')),
      moved: vary.length === 0 ? undefined : this.#pages.moveToVariant(this, this.#where, this.#headers, vary),
    }
  }

  /** Express marks the bytes it sends with a weak validator; of bytes that are kept as they are the same one holds as a strong one. */
  #validate(whole: Buffer): void {
    const { response } = this.#exchange
    const etag = etagOf(whole)
    if (!response.hasHeader('etag') || response.getHeader('etag') === `W/${etag}`) response.setHeader('ETag', etag)
  }

  #keep({ policy, page }: Draft): void {
    if (this.#refusal !== undefined) return
    const body = Buffer.concat(this.#chunks, this.#length)
    this.#chunks.length = 0
    const etag = page.etag ?? (page.status === 204 ? undefined : etagOf(body))
    this.#pages.keep(this, this.#where, { ...page, etag, body }, policy)
  }

  #visitorHasIt(): boolean {
    if (this.#draft === undefined || this.#exchange.response.headersSent) return false
    return isNotModified(this.#asked.conditions, this.#exchange.response.statusCode, this.#sent('etag'), this.#sent('last-modified'))
  }

  #sent(name: string): string | undefined {
    const value = this.#exchange.response.getHeader(name)
    return value === undefined ? undefined : String(value)
  }

  /** Puts the head back to what it was before the route began. */
  #resetHead(): void {
    const { response } = this.#exchange
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    for (const [name, value] of Object.entries(this.#before)) if (value !== undefined) response.setHeader(name, value)
  }

  #giveRequestBack(): void {
    this.#exchange.request.method = this.#asked.method
    this.#giveConditionsBack()
  }

  #giveConditionsBack(): void {
    Object.assign(this.#exchange.request.headers, this.#asked.conditions)
  }
}

const NOT_MODIFIED: Answer = { status: 304, statusMessage: undefined, head: [], removed: ABOUT_BODY, vary: '', body: undefined }

function askForWhole<Visit>({ request }: Exchange<Visit>): { method: string | undefined; conditions: IncomingHttpHeaders } {
  const { method, headers } = request
  const conditions: IncomingHttpHeaders = {}
  for (const name of CONDITIONS) {
    if (headers[name] === undefined) continue
    Object.assign(conditions, { [name]: headers[name] })
    delete headers[name]
  }
  // A visitor who reloads (`no-cache`) wants the page, and not to hear that it has it.
  if (headers['cache-control'] !== undefined) conditions['cache-control'] = headers['cache-control']
  request.method = 'GET'
  return { method, conditions }
}

function announcedLength(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value)
}
