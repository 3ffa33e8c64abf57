import type { OutgoingHttpHeaders } from 'node:http'
import type { Lead } from '../cache/visit.js'
import { checkedTags } from '../cache/policy.js'
import { milliseconds, type Duration } from '../time/duration.js'
import { lesserAnswer, type Answer } from '../responses/answer.js'
import { statusOfMiss, timingOf } from '../http/cache-status.js'
import { groupsIn } from '../http/changed.js'
import { watchDeparture } from '../responses/departure.js'
import { draftOf, judgeResponse, judgeSent, pageOf, varyingOn, type Draft } from './draft.js'
import type { Exchange } from './exchange.js'
import { whenHeadIsSent } from '../responses/head-sent.js'
import { holedOf } from '../responses/holed-response.js'
import { copiedHeaders, resetHeaders } from '../responses/kept-page.js'
import type { Arrival } from '../http/lifetime.js'
import { markTiming } from '../responses/mark.js'
import { keepsNonce } from '../responses/nonces.js'
import type { PageKey } from './page-key.js'
import type { Base, Kept, PageKeeper } from './page-keeper.js'
import { recordBy, type ResponseRecorder } from '../responses/response-recorder.js'
import { revalidated, validatorsOf } from './revalidation.js'
import type { UnkeyedInputs } from './unkeyed-inputs.js'
import { WholeRequest } from './whole-request.js'
import { isPassing, WITHDRAWN } from './withdrawal.js'

/** One handler's answer on its way out: judged at its head, copied as it passes, kept at its end if it is whole. */
export class Recording<Visit> implements ResponseRecorder {
  readonly #pages: PageKeeper<Visit>
  readonly #exchange: Exchange<Visit>
  readonly #where: PageKey
  readonly #forward: 'uri-miss' | 'vary-miss' | 'stale'
  readonly #kept: Kept
  /** What the response had been given before the route began. */
  readonly #before: OutgoingHttpHeaders
  readonly #asked: WholeRequest
  readonly #inputs: UnkeyedInputs<Visit> | undefined
  readonly #chunks: Buffer[] = []
  #lead: Lead
  #length = 0
  #arrival: Arrival
  #draft: Draft | undefined
  #moved: Promise<void> | undefined
  #refusal: string | undefined
  /** What is sent in the place of the whole. */
  #lesser: Answer | undefined
  #ended = false
  #gaveWay = false
  #hooked = false
  readonly #stopListening: () => void

  constructor(
    pages: PageKeeper<Visit>,
    exchange: Exchange<Visit>,
    where: PageKey,
    lead: Lead,
    forward: 'uri-miss' | 'vary-miss' | 'stale',
    kept: Kept,
  ) {
    this.#pages = pages
    this.#exchange = exchange
    this.#where = where
    this.#lead = lead
    this.#forward = forward
    this.#kept = kept
    this.#arrival = { now: pages.engine.clock.now(), delayMs: 0 }
    this.#before = copiedHeaders(exchange.response)
    this.#asked = new WholeRequest(exchange.request, kept.base === undefined ? undefined : validatorsOf(kept.base.page))
    this.#inputs = pages.watchInputs(exchange)
    recordBy(exchange.response, this)
    this.#stopListening = watchDeparture(exchange.response, {
      // Whoever logs the request, from then on, sees what the visitor sent.
      finished: () => this.#asked.giveBack(),
      gone: () => this.abandon('aborted'),
    })
  }

  get lead(): Lead {
    return this.#lead
  }

  get scope(): Lead['scope'] {
    return this.#lead.scope
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
    this.#freshUntil(this.#now + milliseconds(duration, 'ttl'))
  }

  /** Keeps the page from being kept, whatever is said later; those who wait for it go on by themselves. */
  never(): void {
    this.#lead.scope.never = true
    this.refuse('never')
  }

  head(whole: Buffer | undefined): Answer | undefined {
    this.#inputs?.stop()
    if (this.#gaveWay) return undefined
    const { response } = this.#exchange
    // A policy for the whole site is asked before any router is.
    this.#lead.flight.name ??= this.#exchange.route
    this.#arrival = { now: this.#now, delayMs: this.#pages.engine.clock.monotonic() - this.#lead.begunAt }
    if (response.statusCode === 304 && this.#kept.base !== undefined && this.#refusal === undefined) return this.#freshen(this.#kept.base)
    if (response.statusCode >= 500) {
      const instead = this.failOver(new Error(`The handler answered with status ${response.statusCode}`))
      if (instead !== undefined) return instead
    }
    if (this.#refusal !== undefined) this.#refuseHead(this.#refusal)
    else if (this.#kept.unkept === undefined) this.#judge(whole)
    response.setHeader('Cache-Status', statusOfMiss(this.#forward, this.#refusal ?? this.#kept.unkept))
    if (this.#pages.timing) markTiming(response, timingOf('miss', this.#arrival.delayMs))
    // Of a page that is being kept the whole has to be known, for it goes nowhere else; of one that is not its validators will do.
    const lessWillDo = this.#refusal === undefined ? whole !== undefined : holedOf(response) === undefined
    if (lessWillDo && !response.headersSent) this.#lesser = lesserAnswer(response, whole, this.#asked.unseen, this.#now)
    this.#asked.giveConditionsBack()
    return this.#lesser
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
    if (this.#draft === undefined || this.#refusal !== undefined) return this.#finish()
    // The body is complete, and what is read from now on is no part of it.
    this.#pages.engine.scopes.close(this.#lead.scope)
    // Middleware outside may have its say until the head has left.
    whenHeadIsSent(this.#exchange.response, () => this.#finish())
  }

  /** The answer is this visitor's alone, or cannot be kept: those who wait ask for themselves, at once. */
  refuse(reason: string): void {
    if (this.#refusal !== undefined) return
    if (reason === 'max-body') this.#pages.unkept.note(this.#where.key, reason)
    this.#letGo(reason)
    this.#pages.settle(this.#pages.engine.unshare(this.#lead, reason))
  }

  /** The handler has thrown an answer of this status, which others may yet change on its way out. */
  refuseThrown(status: number): void {
    const news = this.#refusal === undefined
    this.refuse('error')
    if (news) this.#withdraw(status)
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
    if (this.#ended || this.#gaveWay || this.#kept.spare === undefined || this.#exchange.response.headersSent) return undefined
    this.#ended = true
    this.#letGo('error')
    this.#pages.settle(this.#pages.engine.fail(this.#lead, error, this.#kept.spare))
    resetHeaders(this.#exchange.response, this.#before)
    return this.#pages.answerInstead(this.#kept.spare, this.#exchange, this.#asked, error)
  }

  /** A policy further in has a say of its own: the request and the head are its business from now on. */
  giveWay(): void {
    this.#gaveWay = true
    this.refuse('route-policy')
    this.#stopListening()
    this.#asked.giveBack()
  }

  /** The same, for a policy further in that goes on with this lead. */
  handOver(): void {
    this.#gaveWay = true
    this.#ended = true
    this.#letGo('route-policy')
    this.#stopListening()
    this.#asked.giveBack()
  }

  /** Somebody inside will add to the head when it leaves, and cannot be told from those outside who do. */
  expectHooks(): void {
    this.#hooked = true
  }

  /** The recording goes on under another key. */
  moveTo(lead: Lead): void {
    this.#lead = lead
    // It may have been let go meanwhile, and so must this lead be.
    if (this.#refusal !== undefined) this.#pages.settle(this.#pages.engine.abandon(lead, this.#refusal))
  }

  #finish(): void {
    if (this.#ended) return
    this.#ended = true
    const draft = this.#draft
    if (this.#kept.unkept !== undefined && this.#refusal === undefined)
      this.#pages.settle(this.#pages.engine.abandon(this.#lead, this.#kept.unkept))
    if (draft === undefined || this.#refusal !== undefined) return
    const sent = judgeSent(this.#exchange.response, draft, this.#before, this.#lesser, this.#pages.page, this.#arrival)
    if (!sent.keep) this.refuse(sent.reason)
    else if (draft.announced !== undefined && draft.announced !== this.#length) this.refuse('truncated')
    // A handler for HEAD alone has no body, and that is not the page's.
    else if (this.#asked.method === 'HEAD' && this.#length === 0) this.refuse('head')
    else this.#keepVarying(draft, this.#hooked ? sent.vary : [])
  }

  #keepVarying(first: Draft, vary: readonly string[]): void {
    const { draft, more } = varyingOn(first, vary)
    const moved = more.length === 0 ? this.#moved : Promise.resolve(this.#moved).then(() => this.#move(vary))
    if (moved === undefined) this.#keep(draft)
    else void moved.then(() => this.#keep(draft))
  }

  /** Its head says that the answer cannot be kept; it may also say that what was kept before it has had its day. */
  #refuseHead(reason: string): void {
    const news = this.#refusal === undefined || this.#refusal === 'never'
    this.refuse(reason)
    if (this.#exchange.response.getHeader('accept-ranges') === 'bytes') this.#pages.unkept.note(this.#where.key, reason)
    if (news && WITHDRAWN.has(reason)) this.#withdraw(this.#exchange.response.statusCode)
  }

  /** Ends what was kept before, if an answer of this status says that it is no more. */
  #withdraw(status: number): void {
    // Who finds the visitor gone may leave off anywhere.
    if (isPassing(status) || this.#exchange.response.destroyed) return
    if (this.#forward === 'stale' || this.#kept.spare !== undefined) this.#pages.withdraw(this.#lead.flight.key)
  }

  async #move(vary: readonly string[]): Promise<void> {
    try {
      await this.#pages.moveToVariant(this, this.#asked, this.#where, vary)
    } catch (error) {
      this.#pages.engine.announce.error('keep', this.#lead.flight.key, error)
      this.refuse('store')
    }
  }

  #letGo(reason: string): void {
    this.#refusal = reason
    this.#chunks.length = 0
  }

  #freshUntil(staleAt: number): void {
    this.#lead.scope.include({ tags: [], staleAt })
  }

  #judge(whole: Buffer | undefined): void {
    const { response } = this.#exchange
    const head = response.getHeaders()
    const keeping = judgeResponse(response, head, this.#before, this.#pages.page, whole, this.#arrival)
    const unread = keeping.keep ? this.#inputs?.refusal([...keeping.vary, ...this.#where.found]) : keeping.reason
    const refusal = this.#asked.isOverridden ? 'method-override' : unread
    if (!keeping.keep || refusal !== undefined) return this.#refuseHead(refusal ?? '')
    if (keeping.staleAt !== undefined) this.#freshUntil(keeping.staleAt)
    if (head['cache-groups'] !== undefined) this.tag(...groupsIn(head['cache-groups']))
    const { page, tell } = this.#pages
    this.#draft = draftOf(response, head, this.#before, page, keeping, whole, this.#now, tell, this.#lead.scope.tags)
    if (keeping.vary.length > 0) this.#moved = this.#move(keeping.vary)
  }

  /** The handler says that what is kept still holds: it is served, with the head of now, and kept anew (RFC 9111, 4.3.3 and 4.3.4). */
  #freshen(base: Base): Answer {
    const { response } = this.#exchange
    const { page, allowed, policy, cookies } = revalidated(base.page, response, this.#before, this.#pages.page, this.#arrival)
    resetHeaders(response, this.#before)
    if (!allowed.keep) {
      this.#refuseHead(allowed.reason)
      const answer = this.#pages.answerRevalidated(base, page, this.#now, this.#asked)
      return cookies === undefined ? answer : { ...answer, head: [...answer.head, 'Set-Cookie', cookies] }
    }
    if (allowed.staleAt !== undefined) this.#freshUntil(allowed.staleAt)
    this.#ended = true
    this.#pages.keep(this, this.#where, page, policy)
    return this.#pages.answerRevalidated(base, page, this.#lead.scope.staleAt, this.#asked)
  }

  #keep(draft: Draft): void {
    if (this.#refusal !== undefined) return
    const page = pageOf(draft, this.#chunks, this.#lead.flight.name)
    this.#chunks.length = 0
    if (keepsNonce(this.#exchange.response, page, draft.holed?.nonce)) return this.refuse('nonce')
    this.#pages.keep(this, this.#where, page, draft.policy)
    this.#pages.unkept.forget(this.#where.key)
  }

  get #now(): number {
    return this.#pages.engine.clock.now()
  }
}
