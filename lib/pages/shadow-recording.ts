import type { OutgoingHttpHeaders } from 'node:http'
import type { Alone } from '../cache/lead-alone.js'
import { checkedTags } from '../cache/policy.js'
import type { Lead } from '../cache/visit.js'
import type { Entry } from '../entries/entry.js'
import { groupsIn } from '../http/changed.js'
import type { Arrival } from '../http/lifetime.js'
import type { Keeping } from '../http/response-gate.js'
import { milliseconds, type Duration } from '../time/duration.js'
import { watchDeparture } from '../responses/departure.js'
import { announcedLength, judgeResponse, judgeSent } from './draft.js'
import type { Exchange } from './exchange.js'
import { whenHeadIsSent } from '../responses/head-sent.js'
import { copiedHeaders, keptHead, ownField, type HeaderValue, type ShadowPage } from '../responses/kept-page.js'
import { lifespanOf } from './lifespan.js'
import { markBypass } from '../responses/mark.js'
import { moveToVariant } from './move-to-variant.js'
import { noncesIn } from '../responses/nonces.js'
import type { PageKeeper } from './page-keeper.js'
import type { PageKey } from './page-key.js'
import { policyFor } from './page-policy.js'
import { recordBy, type ResponseRecorder } from '../responses/response-recorder.js'
import { comparedBody, comparedHeaders, differenceOf, visitorOf } from './shadow-page.js'
import type { ShadowReports } from './shadow-reports.js'
import type { UnkeyedInputs } from './unkeyed-inputs.js'
import { isPassing } from './withdrawal.js'

/** What would have been served in the stead of the handler. */
export interface Shadowed {
  readonly entry: Entry
  readonly page: ShadowPage
}

const NOTHING_TOLD: ReadonlyMap<string, string> = new Map()

/** One handler's answer, which nothing is done to: compared at its end with what would have been served in its stead, or kept to be compared with. */
export class ShadowRecording<Visit> implements ResponseRecorder {
  readonly scope: Lead['scope']
  readonly #pages: PageKeeper<Visit>
  readonly #reports: ShadowReports
  readonly #exchange: Exchange<Visit>
  readonly #where: PageKey
  readonly #shadowed: Shadowed | undefined
  readonly #visitor: string
  readonly #before: OutgoingHttpHeaders
  readonly #inputs: UnkeyedInputs<Visit> | undefined
  readonly #begunAt: number
  readonly #turn: number
  readonly #chunks: Buffer[] = []
  readonly #stopListening: () => void
  #lead: Lead | undefined
  #length = 0
  #head: { readonly status: number; readonly own: readonly (readonly [string, HeaderValue])[]; readonly arrival: Arrival } | undefined
  #keeping: Keeping | undefined
  #ended = false
  #gaveWay = false
  #hooked = false

  constructor(
    pages: PageKeeper<Visit>,
    reports: ShadowReports,
    exchange: Exchange<Visit>,
    where: PageKey,
    { lead, scope }: Alone,
    shadowed: Shadowed | undefined,
  ) {
    this.#pages = pages
    this.#reports = reports
    this.#exchange = exchange
    this.#where = where
    this.#lead = lead
    this.scope = scope
    this.#shadowed = shadowed
    this.#visitor = visitorOf(exchange.request.headers)
    this.#begunAt = pages.engine.clock.monotonic()
    this.#turn = reports.turn
    this.#before = copiedHeaders(exchange.response)
    this.#inputs = lead && pages.watchInputs(exchange)
    recordBy(exchange.response, this)
    this.#stopListening = watchDeparture(exchange.response, { finished: () => {}, gone: () => this.abandon('aborted') })
    // Whoever has gone meanwhile will not be heard to go.
    if (exchange.response.destroyed) this.abandon('aborted')
  }

  get gaveWay(): boolean {
    return this.#gaveWay
  }

  tag(...names: readonly string[]): void {
    for (const tag of checkedTags(names)) this.scope.tags.add(this.#pages.prefix + tag)
  }

  ttl(duration: Duration): void {
    this.#freshUntil(this.#now + milliseconds(duration, 'ttl'))
  }

  never(): void {
    this.refuse('never')
  }

  head(whole: Buffer | undefined): undefined {
    this.#inputs?.stop()
    if (this.#gaveWay || this.#ended) return
    const { response, route } = this.#exchange
    // A policy for the whole site is asked before any router is.
    if (this.#lead !== undefined) this.#lead.flight.name ??= route
    const arrival = { now: this.#now, delayMs: this.#pages.engine.clock.monotonic() - this.#begunAt }
    this.#head = { status: response.statusCode, own: this.#ownFields(), arrival }
    const keeping = judgeResponse(response, response.getHeaders(), this.#before, this.#pages.page, whole, arrival)
    const unkeyed = keeping.keep ? this.#inputs?.refusal([...keeping.vary, ...this.#where.found]) : undefined
    if (!keeping.keep) this.refuse(keeping.reason)
    else if (unkeyed !== undefined) this.refuse(unkeyed)
    else this.#keeping = keeping
    markBypass(response, this.#wouldHave(whole), this.#pages.timing)
  }

  chunk(bytes: Buffer): void {
    if (this.#ended || (this.#lead === undefined && this.#shadowed === undefined)) return
    this.#length += bytes.length
    if (this.#length <= this.#pages.page.maxBody) this.#chunks.push(bytes)
    else this.refuse('max-body')
  }

  trailers(): void {
    this.refuse('trailer')
  }

  end(): void {
    whenHeadIsSent(this.#exchange.response, () => this.#finish())
  }

  refuse(reason: string): void {
    const lead = this.#lead
    this.#lead = undefined
    if (lead !== undefined) this.#pages.settle(this.#pages.engine.unshare(lead, reason))
  }

  /** Of a failure nothing is to be learnt about the page. */
  refuseThrown(): void {
    this.abandon('error')
  }

  abandon(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#chunks.length = 0
    this.refuse(reason)
  }

  failOver(): undefined {}

  giveWay(): void {
    this.#gaveWay = true
    this.#stopListening()
    this.abandon('route-policy')
  }

  handOver(): void {
    this.giveWay()
  }

  expectHooks(): void {
    this.#hooked = true
  }

  #finish(): void {
    if (this.#ended || this.#head === undefined) return
    const announced = announcedLength(this.#exchange.response.getHeaders())
    if (announced !== undefined && announced !== this.#length) return this.abandon('truncated')
    if (isPassing(this.#head.status)) return this.abandon('status')
    this.#ended = true
    const body = Buffer.concat(this.#chunks)
    this.#chunks.length = 0
    const answered = this.#answered(body)
    if (this.#shadowed !== undefined) this.#compare(this.#shadowed, answered)
    if (this.#lead !== undefined) this.#keep(this.#lead, answered)
  }

  /** A cookie that the route sets is never kept, and so would have been missing. */
  #ownFields(): readonly (readonly [string, HeaderValue])[] {
    const { response } = this.#exchange
    const sent = response.getHeaders()
    const cookies = ownField(sent, this.#before, 'set-cookie')
    const { headers } = keptHead(response, sent, this.#before, [], undefined)
    return cookies === undefined ? headers : [...headers, ['set-cookie', '']]
  }

  #compare({ entry, page }: Shadowed, answered: ShadowPage): void {
    const sameVisitor = page.visitor === answered.visitor
    this.#reports.note({ entry, difference: differenceOf(page, answered), sameVisitor, begunAt: this.#turn })
  }

  /** What is said of it in the head: as far as can be told before the body has come. */
  #wouldHave(whole: Buffer | undefined): string {
    if (this.#shadowed === undefined) return 'would-have-missed'
    const { entry, page } = this.#shadowed
    const answered = this.#answered(whole)
    if (isPassing(answered.status) || differenceOf(page, answered) === undefined) return 'would-have-hit'
    const verdict = this.#reports.verdictOn(entry) ?? (page.visitor === answered.visitor ? 'stale' : 'leaked')
    return verdict === 'stale' ? 'would-have-been-stale' : 'would-have-leaked'
  }

  #answered<Body extends Buffer | undefined>(body: Body): Omit<ShadowPage, 'body'> & { readonly body: Body } {
    const nonces = noncesIn(this.#exchange.response.getHeaders())
    return {
      kind: 'shadow',
      status: this.#head?.status ?? 0,
      headers: comparedHeaders(this.#head?.own ?? [], nonces),
      body: (body && comparedBody(body, nonces)) as Body,
      visitor: this.#visitor,
      route: this.#exchange.route,
    }
  }

  #keep(lead: Lead, page: ShadowPage): void {
    const { response, request } = this.#exchange
    const keeping = this.#keeping
    const { engine, page: rules } = this.#pages
    if (this.#head === undefined || keeping?.keep !== true) return
    const { status, arrival } = this.#head
    const sent = judgeSent(response, { told: NOTHING_TOLD, page: { status } }, this.#before, undefined, rules, arrival)
    if (!sent.keep) return this.refuse(sent.reason)
    if (keeping.staleAt !== undefined) this.#freshUntil(keeping.staleAt)
    this.tag(...groupsIn(response.getHeader('cache-groups')))
    const { policy } = lifespanOf(rules, policyFor(rules, status) ?? rules.policy, keeping)
    const found = [...new Set([...this.#where.found, ...keeping.vary, ...(this.#hooked ? sent.vary : [])])].toSorted()
    const moved = moveToVariant(engine, lead, { ...this.#where, found }, this.#where.found, request.headers)
    this.#pages.settle(moved.then(there => there && this.#pages.keep({ lead: there }, this.#where, page, policy)))
  }

  #freshUntil(staleAt: number): void {
    this.scope.include({ tags: [], staleAt })
  }

  get #now(): number {
    return this.#pages.engine.clock.now()
  }
}
