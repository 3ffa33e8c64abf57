import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { checkedCache, inside, type Cache } from '../caches/cache.js'
import type { Engine } from '../cache/engine.js'
import type { Entry } from '../entries/entry.js'
import { send, type Answer } from '../responses/answer.js'
import type { Asked } from '../http/asked.js'
import type { Exchange, Input, OriginOf } from './exchange.js'
import { CONDITIONS } from './whole-request.js'

/** What the front needs of the pages of one policy. */
export interface FrontPages {
  readonly engine: Engine
  readonly prefix: string
  /** Policies with the same mark share what they keep. */
  readonly page: { readonly mark: string }
  /** Under which key the page would be kept, were it not for the front; with what its responses are known to vary on. */
  keyInside(exchange: Exchange<never>): string | undefined
  /** The fresh page at hand that was kept for the front, not yet served. */
  frontEntry(exchange: Exchange<never>): Entry | undefined
  /** Serves it; `visit` is what fills holes is given. */
  serveHit(entry: Entry, asked: Asked, visit: unknown): Answer | Promise<Answer> | undefined
}

/** May a request be answered here? Anything but `true` leaves it to the application. */
export type Guard = (request: IncomingMessage) => boolean

interface Known {
  readonly pages: FrontPages
  readonly originOf: OriginOf
}

/** A request as it came to a front, before the application could change it. */
interface Arrival {
  readonly front: Front
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
}

const arrivals = new WeakMap<IncomingMessage, Arrival>()

/**
 * Answers what is fresh and at hand before a framework sees the request. It learns which policies are fit for that from the requests that
 * it lets through; all else is the application's.
 */
export class Front {
  readonly #engine: Engine
  readonly #prefix: string
  readonly #guard: Guard | undefined
  readonly #known: Known[] = []
  /** Marks of policies that turned out not to be fit. */
  readonly #unfit = new Set<string>()

  /** @throws {ConfigError} for anything else than a cache */
  constructor(cache: Cache, guard: Guard | undefined) {
    const { engine, prefix } = inside(checkedCache(cache))
    this.#engine = engine
    this.#prefix = prefix
    this.#guard = guard
  }

  /** Answers the request, or lets it `pass`. */
  handle(request: IncomingMessage, response: ServerResponse, pass: () => void): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') return pass()
    const answer = this.#answerTo(request, response)
    if (answer === undefined) {
      arrivals.set(request, { front: this, url: request.url, headers: { ...request.headers } })
      pass()
    } else if (answer instanceof Promise) {
      answer.then(
        made => send(response, made),
        (error: unknown) => {
          this.#engine.announce.error('front', '', error)
          pass()
        },
      )
    } else send(response, answer)
  }

  /** From now on looks for pages of this policy. @returns whether it can: they are kept in its cache, and have never been found unfit */
  learn(pages: FrontPages, originOf: OriginOf): boolean {
    const { mark } = pages.page
    if (pages.engine !== this.#engine || pages.prefix !== this.#prefix || this.#unfit.has(mark)) return false
    const known = this.#known.some(other => other.pages.page.mark === mark && other.originOf === originOf)
    if (!known) this.#known.push({ pages, originOf })
    return true
  }

  /** Never again looks for pages of this policy. */
  forget({ page }: FrontPages): void {
    this.#unfit.add(page.mark)
    this.#known.splice(0, Infinity, ...this.#known.filter(({ pages }) => pages.page.mark !== page.mark))
  }

  #answerTo(request: IncomingMessage, response: ServerResponse): Answer | Promise<Answer> | undefined {
    try {
      for (const { pages, originOf } of this.#known) {
        const entry = pages.frontEntry(new FrontExchange(request, response, originOf))
        if (entry === undefined) continue
        return this.#guard === undefined || isTrue(this.#guard(request)) ? pages.serveHit(entry, request, request) : undefined
      }
    } catch (error) {
      // The guard failed, or the framework's trust in proxies, which fails inside as well.
      this.#engine.announce.error('front', '', error)
    }
    return undefined
  }
}

/**
 * Did the request come through a front, and reach the policy with the URL, the origin and the headers with which it came? Then what is kept
 * for it may be served by that front, which sees no more than that. Where middleware changes what tells the pages of a policy apart, their
 * key cannot be made of what visitors send, and the front is done with that policy: somebody might send what middleware sets for others.
 */
export function isFitForFront<Visit>(exchange: Exchange<Visit>, pages: FrontPages): boolean {
  const { request, response, origin, originOf } = exchange
  const arrival = arrivals.get(request)
  if (arrival === undefined) return false
  const { front, url, headers } = arrival
  if (url === exchange.url && origin === originOf(request) && areSame(headers, request.headers)) return front.learn(pages, originOf)
  const sent = Object.create(request, { url: { value: url }, headers: { value: headers } }) as IncomingMessage
  const came = new FrontExchange(sent, response, originOf)
  if (pages.keyInside(came) !== pages.keyInside(exchange as Exchange<never>)) front.forget(pages)
  return false
}

/** The front of a request is done with this policy. */
export function withdrawFromFront(request: IncomingMessage, pages: FrontPages): void {
  arrivals.get(request)?.front.forget(pages)
}

/** Request fields that only visitors set. Others may be set by middleware, and somebody might send what it sets for another. */
const OF_VISITORS =
  /^(?:accept(?:-charset|-encoding|-language)?|authorization|cookie|dnt|downlink|dpr|ect|host|origin|prefer|referer|rtt|save-data|sec-[\w-]+|te|user-agent|viewport-width|width|x-requested-with)$/

/** Responses say that they vary on these request fields, which no policy has declared: can the front tell their variants apart? */
export function areOfVisitors(names: readonly string[]): boolean {
  return names.every(name => OF_VISITORS.test(name))
}

/** A request that is sent in the place of another has come as that one did. */
export function arriveAs(request: IncomingMessage, original: IncomingMessage): void {
  const arrival = arrivals.get(original)
  if (arrival !== undefined) arrivals.set(request, arrival)
}

/** A promise is no answer. */
function isTrue(answer: unknown): boolean {
  return answer === true
}

const NOT_COMPARED: ReadonlySet<string> = new Set(CONDITIONS)

/** Conditions apart, which a handler under an outer policy does not get to see. */
function areSame(one: IncomingHttpHeaders, other: IncomingHttpHeaders): boolean {
  return isWithin(one, other) && isWithin(other, one)
}

function isWithin(one: IncomingHttpHeaders, other: IncomingHttpHeaders): boolean {
  for (const name in one) if (!NOT_COMPARED.has(name) && !isEqual(one[name], other[name])) return false
  return true
}

/** Of all fields Node has `Set-Cookie` alone as a list. */
function isEqual(one: string | readonly string[] | undefined, other: string | readonly string[] | undefined): boolean {
  return one === other || (Array.isArray(one) && Array.isArray(other) && one.join('\n') === other.join('\n'))
}

/** A request that no framework has seen yet. */
class FrontExchange implements Exchange<never> {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly originOf: OriginOf
  /** No policy that is fit for the front asks anything of it. */
  readonly visit = undefined as never

  constructor(request: IncomingMessage, response: ServerResponse, originOf: OriginOf) {
    this.request = request
    this.response = response
    this.originOf = originOf
  }

  get origin(): string {
    return this.originOf(this.request)
  }

  get url(): string {
    return this.request.url ?? ''
  }

  get rewritten(): undefined {
    return undefined
  }

  get parsed(): undefined {
    return undefined
  }

  get route(): undefined {
    return undefined
  }

  inputs(): readonly Input[] {
    return []
  }

  deliver(): never {
    throw new TypeError('The front refreshes nothing')
  }
}
