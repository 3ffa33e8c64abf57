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
import { whenHeadIsSent } from './head-sent.js'
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

/** Refusals by which the route itself says that the page it had is no more. */
const WITHDRAWN: ReadonlySet<string> = new Set(['status', 'never', 'no-store', 'private', 'no-cache', 'max-age'])

/** Statuses that say nothing of the page, besides those from 500 on: not now, not so fast. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])

/** What is known of the page once its head has been found fit to be kept. */
interface Draft {
  readonly policy: Policy
  readonly page: Omit<KeptPage, 'body'>
  readonly announced: number | undefined
  /** Whether `Cache-Control: private` was set here. */
  readonly labelled: boolean
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
    // Whoever logs the request, from then on, sees what the visitor sent.
    exchange.response.prependOnceListener('finish', () => this.#giveRequestBack())
    exchange.response.prependOnceListener('close', () => {
      this.#giveRequestBack()
      this.abandon('aborted')
    })
    // Behind an earlier answer on its connection a response has no socket yet, and does not hear that it has closed.
    exchange.request.once('close', () => {
      if (exchange.request.socket.destroyed) this.abandon('aborted')
    })
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
    else this.#refuseHead(keeping.reason)
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
    // Middleware outside may have its say until the head has left.
    whenHeadIsSent(this.#exchange.response, () => this.#finish())
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

  /** The same, for a policy further in that goes on with this lead. */
  handOver(): void {
    this.#gaveWay = true
    this.#ended = true
    this.#letGo('route-policy')
    this.#giveRequestBack()
  }

  /** The recording goes on under another key. */
  moveTo(lead: Lead): void {
    this.#lead = lead
  }

  #finish(): void {
    if (this.#ended) return
    this.#ended = true
    const draft = this.#draft
    if (draft === undefined || this.#refusal !== undefined) return
    const sent = this.#judgeSent(draft)
    if (!sent.keep) this.refuse(sent.reason)
    else if (draft.announced !== undefined && draft.announced !== this.#length) this.refuse('truncated')
    // A handler for HEAD alone has no body, and that is not the page's.
    else if (this.#asked.method === 'HEAD' && this.#length === 0) this.refuse('head')
    else if (draft.moved === undefined) this.#keep(draft)
    else void draft.moved.then(() => this.#keep(draft))
  }

  /** The head once more, as it has left: with what middleware outside has to say, and without what was said here for other caches. */
  #judgeSent({ labelled }: Draft): Keeping {
    const headers = this.#exchange.response.getHeaders()
    const others = labelled && headers['cache-control'] === 'private' ? { ...headers, 'cache-control': undefined } : headers
    return judgeHead(others, {}, this.#pages.engine.clock.now())
  }

  /** Its head says that the answer cannot be kept; it may also say that what was kept before it has had its day. */
  #refuseHead(reason: string): void {
    const { statusCode, destroyed } = this.#exchange.response
    // Who finds the visitor gone may leave off anywhere.
    const news = !destroyed && (this.#refusal === undefined || this.#refusal === 'never')
    this.refuse(reason)
    if (!news || !WITHDRAWN.has(reason) || statusCode >= 500 || PASSING.has(statusCode)) return
    if (this.#forward === 'stale' || this.#spare !== undefined) this.#pages.withdraw(this.#lead.flight.key)
  }

  async #move(vary: readonly string[]): Promise<void> {
    try {
      await this.#pages.moveToVariant(this, this.#where, this.#headers, vary)
    } catch (error) {
      this.#pages.engine.announce.error('keep', this.#lead.flight.key, error)
      this.refuse('store')
    }
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
    const labelled = isPersonal(page) && !response.hasHeader('cache-control')
    if (labelled) response.setHeader('Cache-Control', 'private')
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
      labelled,
      moved: vary.length === 0 ? undefined : this.#move(vary),
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
