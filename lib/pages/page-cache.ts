import { inside, type Cache } from '../caches/cache.js'
import type { Engine } from '../cache/engine.js'
import { leadAhead, wantsRefresh } from '../cache/refresh-ahead.js'
import type { Lead } from '../cache/visit.js'
import { checkedTags, type Policy } from '../cache/policy.js'
import type { Entry } from '../entries/entry.js'
import { levelOf, noteAsked } from './asked-policies.js'
import { Answerer, NOT_CACHED, type Answer } from '../responses/answer.js'
import { foundAtHand, pageAtHand } from './at-hand.js'
import { Encodings } from '../responses/encodings.js'
import { errands, REFRESH_MS, type Errand } from './errand.js'
import type { Asked } from '../http/asked.js'
import type { Exchange } from './exchange.js'
import { areOfVisitors, arriveAs, isFitForFront, withdrawFromFront, type FrontPages } from './front.js'
import { Holes } from '../holes/holes.js'
import { isPage, isRule, keepablePage, type KeptPage, type ShadowPage } from '../responses/kept-page.js'
import { moveToVariant } from './move-to-variant.js'
import { keptOf, type Base, type Kept, type Recorder } from './page-keeper.js'
import { notForFront, pageKey, tagsOfUrl, variantKey, type PageKey } from './page-key.js'
import type { PagePolicy } from './page-policy.js'
import { asksByBody, declareAsking, questionOf, readQuestion } from './question.js'
import { Recording } from './recording.js'
import { endOf, replayOf } from './replay.js'
import { recordingOf } from '../responses/response-recorder.js'
import { seek, waitFor, type Found, type Miss } from './seek.js'
import { whyNotLook } from './request-gate.js'
import { asksForLess, Shadows } from './shadows.js'
import { tellerOf, type Teller } from '../responses/told.js'
import { bypassed, type Turn } from './turn.js'
import { UnkeyedInputs } from './unkeyed-inputs.js'
import { Unkept } from './unkept.js'
import { Variants } from './variants.js'
import { nothingStale, willDo, wishesOf, type Wishes } from './wishes.js'
import type { WholeRequest } from './whole-request.js'

/** The pages under one policy. Knows HTTP, and no framework. */
export class PageCache<Visit> implements FrontPages {
  readonly engine: Engine
  readonly prefix: string
  readonly page: PagePolicy<Visit>
  /** Whether answers carry `Server-Timing`. */
  readonly timing: boolean
  readonly tell: Teller | undefined
  readonly unkept = new Unkept()
  /** Of a policy that only shadows. */
  readonly shadows: Shadows<Visit> | undefined
  readonly #answerer: Answerer
  readonly #variants: Variants
  /** Whether what handlers read is watched. */
  readonly #watching: boolean

  constructor(cache: Cache, page: PagePolicy<Visit>, timing: boolean) {
    const { engine, prefix } = inside(cache)
    this.engine = engine
    this.prefix = prefix
    this.page = page
    this.timing = timing
    this.tell = tellerOf(page.told, prefix)
    this.#answerer = new Answerer(timing, new Encodings(engine, page.encodings), this.tell, Holes.of(engine, prefix))
    this.#variants = new Variants(engine, prefix, page, key => this.withdraw(key))
    this.shadows = page.mode === 'shadow' ? new Shadows(this) : undefined
    this.#watching = page.strict || process.env['NODE_ENV'] !== 'production'
  }

  /** Decides about a request: at once if the page is at hand. A recording by an outer policy ends here, for the inner policy wins. */
  ask(exchange: Exchange<Visit>): Turn | Promise<Turn> {
    const { request } = exchange
    const level = levelOf(request)
    const errand = errands.get(request)
    const turn = errand === undefined ? this.#answerOrAsk(exchange, level) : this.#run(exchange, errand, level)
    if (turn instanceof Promise || turn.do !== 'serve') noteAsked(this, exchange)
    return turn
  }

  /**
   * The recorded answer varies on request headers that its key does not hold: from now on the key of this page is made with them, and the
   * recording goes on under that key.
   */
  async moveToVariant(recording: Recorder, asked: WholeRequest, meant: PageKey, vary: readonly string[]): Promise<void> {
    const unfit = meant.kept === 'front' && !areOfVisitors(vary.filter(name => !this.page.vary.headers.includes(name)))
    if (unfit) withdrawFromFront(asked.request, this)
    const where = unfit ? notForFront(meant, this.prefix) : meant
    const known = new Set([...where.found, ...foundAtHand(this.engine, where).found])
    const found = [...new Set([...known, ...vary])].toSorted()
    const lead = await moveToVariant(this.engine, recording.lead, { ...where, found }, [...known], asked.headers)
    if (found.length > known.size) this.#variants.noteRule(where)
    if (lead === undefined) recording.refuse('lease')
    else if (lead !== recording.lead) recording.moveTo(lead)
  }

  /** Watches what the handler reads, where that is asked for. */
  watchInputs(exchange: Exchange<Visit>): UnkeyedInputs<Visit> | undefined {
    return this.#watching ? new UnkeyedInputs(exchange, this.page) : undefined
  }

  /** Keeps a page that was recorded whole. */
  keep({ lead }: Pick<Recorder, 'lead'>, where: PageKey, page: KeptPage | ShadowPage, policy: Policy): void {
    this.settle(this.engine.keep(lead, keepablePage(page), { ...policy, tags: [] }))
    this.#variants.note(where, lead.flight.key)
  }

  /** Ends what is kept under the key. */
  withdraw(key: string): void {
    this.settle(this.engine.end(key, 'withdrawn'))
  }

  /** The kept page as the answer to a visitor whose handler failed. */
  answerInstead(spare: Entry, { visit }: Exchange<Visit>, asked: Asked, error: unknown): Answer | undefined {
    if (!this.#answerer.canServe(spare.value)) return undefined
    this.engine.servedInstead(spare, error)
    return this.#answerer.answerAtOnce(spare, spare.value, asked, this.engine.clock.now(), 'error', visit)
  }

  /** A page that its handler has just said still holds, as the answer to the visitor who had it asked. */
  answerRevalidated({ entry }: Base, page: KeptPage, staleAt: number, asked: Asked): Answer {
    const now = this.engine.clock.now()
    return this.#answerer.answerAtOnce({ ...entry, createdAt: now, staleAt }, page, asked, now, 'revalidated', undefined)
  }

  keyInside(exchange: Exchange<never>): string | undefined {
    const where = pageKey(exchange, this.page, this.prefix, 0)
    return where && variantKey(foundAtHand(this.engine, where), exchange.request.headers)
  }

  frontEntry(exchange: Exchange<never>): Entry | undefined {
    if (whyNotLook(exchange, this.page) !== undefined || this.#wishes(exchange) !== undefined) return undefined
    const asked = pageKey(exchange, this.page, this.prefix, 0, 'front')
    const entry = asked && pageAtHand(this.engine, asked, exchange.request.headers).entry
    if (entry === undefined || !this.#answerer.canServe(entry.value, true)) return undefined
    return wantsRefresh(this.engine, entry, this.page.policy) ? undefined : entry
  }

  /** Serves what is fresh and at hand, if it is a page. */
  serveHit(entry: Entry, asked: Asked, visit: unknown): Answer | Promise<Answer> | undefined {
    if (!this.#answerer.canServe(entry.value)) return undefined
    this.engine.serve(entry)
    return this.#answerer.answer(entry, entry.value, asked, this.engine.clock.now(), 'hit', visit)
  }

  /** Sees to it that a failure of what goes on behind the response is announced. */
  settle(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.engine.announce.error('keep', '', error))
  }

  #answerOrAsk(exchange: Exchange<Visit>, level: number): Turn | Promise<Turn> {
    const { request, response } = exchange
    const { methods } = this.page
    recordingOf(response)?.giveWay()
    if (methods !== undefined) declareAsking(request, methods)
    const reason = whyNotLook(exchange, this.page)
    if (reason !== undefined) return bypassed(this, exchange, reason)
    if (methods !== undefined && asksByBody(request) && questionOf(request) === undefined) return this.#readFirst(exchange, level)
    const asked = this.#key(exchange, level)
    if (asked === undefined) return bypassed(this, exchange, 'target')
    const wishes = this.#wishes(exchange)
    if (this.shadows !== undefined) return this.#shadow(this.shadows, exchange, asked, wishes)
    const { where, entry } = pageAtHand(this.engine, asked, request.headers)
    const answer = entry && willDo(entry, wishes) ? this.serveHit(entry, request, exchange.visit) : undefined
    const unkept = answer === undefined && request.headers.range !== undefined ? this.unkept.reasonOf(where.key) : undefined
    if (unkept !== undefined) return bypassed(this, exchange, unkept)
    if (entry === undefined || answer === undefined) return this.#visit(exchange, where, wishes)
    const refresh = wantsRefresh(this.engine, entry, this.page.policy) ? () => this.#refreshAhead(exchange, where, entry) : undefined
    return answer instanceof Promise ? answer.then(made => ({ do: 'serve', answer: made, refresh })) : { do: 'serve', answer, refresh }
  }

  async #readFirst(exchange: Exchange<Visit>, level: number): Promise<Turn> {
    return (await readQuestion(exchange)) ? this.#answerOrAsk(exchange, level) : bypassed(this, exchange, 'body')
  }

  async #shadow(shadows: Shadows<Visit>, exchange: Exchange<Visit>, asked: PageKey, wishes: Wishes | undefined): Promise<Turn> {
    if (asksForLess(exchange)) return bypassed(this, exchange, 'not-compared')
    return { do: 'record', recording: await shadows.record(exchange, asked, this.#tags(exchange, asked), wishes) }
  }

  #key(exchange: Exchange<Visit>, level: number): PageKey | undefined {
    const fit = this.page.front && isFitForFront(exchange, this)
    return pageKey(exchange, this.page, this.prefix, level, fit ? 'front' : 'page')
  }

  /** Asks for the page. Where it turns out at once that there is none, the handler runs at once. */
  #visit(exchange: Exchange<Visit>, where: PageKey, wishes: Wishes | undefined): Turn | Promise<Turn> {
    const tags = this.#tags(exchange, where)
    const asking = { tags, name: exchange.route, lock: this.page.policy.lock, accepts: this.#answerer.accepting(wishes?.accepts) }
    const ask = (at: PageKey) =>
      seek(this.engine, { ...asking, key: variantKey(at, exchange.request.headers) }, wishes?.onlyIfCached === true)
    const found = ask(where)
    if ('state' in found && found.state === 'miss' && !exchange.response.destroyed) return this.#lead(exchange, where, found, wishes)
    return this.#follow(exchange, where, wishes, found, ask)
  }

  #lead(exchange: Exchange<Visit>, where: PageKey, { lead, spare }: Miss, wishes: Wishes | undefined): Turn {
    const forward = lead.flight.key === where.key ? 'uri-miss' : 'vary-miss'
    const kept = keptOf(this.#answerer.canServe(spare?.value) ? spare : undefined, this.engine.clock.now())
    return this.#record(exchange, where, lead, forward, kept, wishes)
  }

  /** With patience: waits for another's answer to the same page, but not for ever. */
  async #follow(
    exchange: Exchange<Visit>,
    asked: PageKey,
    wishes: Wishes | undefined,
    first: Found | Promise<Found>,
    ask: (where: PageKey) => Found | Promise<Found>,
  ): Promise<Turn> {
    const { request, response } = exchange
    for (let where = asked, found = first; ; found = ask(where)) {
      const visit = await waitFor(this.engine, variantKey(where, request.headers), found, this.page.waitTimeoutMs, lead =>
        this.settle(this.engine.abandon(lead, 'wait-timeout')),
      )
      switch (visit.state) {
        case 'alone':
          return { do: 'pass', reason: visit.reason }
        case 'absent':
          return { do: 'serve', answer: NOT_CACHED }
        case 'failed':
          return { do: 'pass', reason: 'error' }
        case 'miss':
          if (response.destroyed) {
            await this.engine.abandon(visit.lead, 'aborted')
            return { do: 'drop' }
          }
          return this.#lead(exchange, where, visit, wishes)
        default: {
          const { entry, state } = visit
          if (!isPage(entry.value)) {
            // A rule: the key of the variant is made with it in the next round.
            where = { ...where, found: isRule(entry.value) ? entry.value.names : [] }
            continue
          }
          const lead = state === 'stale' ? visit.lead : undefined
          const refresh = lead && (() => this.#refresh(exchange, { pages: this, rest: request.url, where, lead, kept: entry }))
          const served = state === 'fresh' ? 'hit' : state
          const answer = await this.#answerer.answer(entry, entry.value, request, this.engine.clock.now(), served, exchange.visit)
          return { do: 'serve', answer, refresh }
        }
      }
    }
  }

  #record(
    exchange: Exchange<Visit>,
    where: PageKey,
    lead: Lead,
    forward: 'uri-miss' | 'vary-miss' | 'stale',
    found: Kept,
    wishes?: Wishes,
  ): Turn {
    const known = exchange.request.method === 'POST' ? { ...found, base: undefined } : found
    const kept = wishes?.noStore === true ? { ...known, base: undefined, unkept: 'no-store' } : known
    const recording = new Recording(this, exchange, where, lead, kept.base === undefined ? forward : 'stale', kept)
    return { do: 'record', recording }
  }

  #wishes({ request }: Pick<Exchange<Visit>, 'request'>): Wishes | undefined {
    const now = () => this.engine.clock.now()
    const wishes = this.page.requestDirectives ? wishesOf(request.headers, now) : undefined
    return this.page.methods !== undefined && asksByBody(request) ? nothingStale(wishes, now) : wishes
  }

  #refreshAhead(exchange: Exchange<Visit>, where: PageKey, entry: Entry): void {
    if (asksByBody(exchange.request)) return
    const rest = exchange.request.url
    const ahead = leadAhead(this.engine, entry, this.#tags(exchange, where))
    this.settle(ahead.then(lead => lead && this.#refresh(exchange, { pages: this, rest, where, lead, kept: entry })))
  }

  /** Sends the visitor's request through the application again, for the page alone. */
  #refresh(exchange: Exchange<Visit>, errand: Errand): void {
    const { request, response } = replayOf(exchange)
    errands.set(request, errand)
    arriveAs(request, exchange.request)
    const abandon = () => this.settle(this.engine.abandon(errand.lead, 'refresh'))
    void endOf(response, Math.max(this.page.waitTimeoutMs, REFRESH_MS)).then(abandon)
    exchange.deliver(request, response)
  }

  /**
   * The errand is the innermost policy's that would keep the page under the same key. To any other it is a request that keeps nothing; and so
   * it is to all if it has become another's on its way: of a user who has logged out, or for what another application has at this URL.
   */
  #run(exchange: Exchange<Visit>, { pages, rest, where, lead, kept }: Errand, level: number): Turn {
    const outer = recordingOf(exchange.response)
    const arrived = pages === this ? exchange.request.url === rest : outer !== undefined
    const asked = arrived && whyNotLook(exchange, this.page) === undefined ? this.#key(exchange, level) : undefined
    if (asked?.key === where.key) {
      outer?.handOver()
      return this.#record(exchange, where, lead, 'stale', { ...keptOf(kept, this.engine.clock.now()), spare: undefined })
    }
    outer?.giveWay()
    return { do: 'pass', reason: 'refresh' }
  }

  #tags(exchange: Exchange<Visit>, where: PageKey): readonly string[] {
    const { policy, tagsOf } = this.page
    const own = tagsOf === undefined ? policy.tags : checkedTags(tagsOf(exchange.visit))
    return [...own.map(tag => this.prefix + tag), ...tagsOfUrl(where, this.prefix)]
  }
}
