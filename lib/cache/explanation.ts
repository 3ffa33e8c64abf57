import type { Engine } from './engine.js'
import type { ShadowReport } from './events.js'

/**
 * What to explain: a URL, or a request: one that a policy has been asked about (Node's, Express' or Koa's), or a description of one. Of a
 * path alone, scheme and host are those of the last request for it.
 */
export type Question =
  | string
  | {
      readonly url?: string | undefined
      /** Where routers have taken a part of `url`. */
      readonly originalUrl?: string | undefined
      /** @default 'GET' */
      readonly method?: string | undefined
      readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
    }

/** What the pages of one policy would make of a request. Instants are epoch ms. */
export interface PolicyExplanation {
  /** `unknown` if the policy has functions that need a request of the framework's own to say. */
  readonly outcome: 'hit' | 'stale' | 'miss' | 'bypass' | 'unknown'
  /**
   * Why not a hit: the gate that the request does not pass, `absent`, `expired`, `needs-request`, `shadow`, `request-directive` of what is kept and will
   * not do by the request's `Cache-Control`, or `only-if-cached` of a request that would get 504.
   */
  readonly reason: string | undefined
  /** Without the namespace; credentials in it are digests. */
  readonly key: string | undefined
  /** Request headers that its responses have been found to vary on, besides those that the policy declares. */
  readonly found: readonly string[]
  /** Whether a front would serve it. */
  readonly front: boolean
  readonly entry: KeptExplanation | undefined
  /** Of a policy that only shadows. */
  readonly shadow: ShadowExplanation | undefined
}

/** What a policy would make of a request if it served, and what it has found meanwhile. */
export interface ShadowExplanation {
  readonly outcome: 'hit' | 'stale' | 'miss'
  /** What has been reported of the kept page in this process. */
  readonly found: ShadowReport | undefined
}

/** What is kept under the key. */
export interface KeptExplanation {
  readonly createdAt: number
  readonly staleAt: number
  /** Until then it may be served stale, while it is refreshed. */
  readonly staleUntil: number
  /** Until then it may be served when its handler fails. */
  readonly errorUntil: number
  /** Whether its handler would be asked if it still holds, instead of for the whole. */
  readonly revalidates: boolean
  /** From then on it is good for nothing. */
  readonly deleteAt: number
  readonly tags: readonly string[]
  readonly bytes: number
}

/** What would happen to a request now. Nothing is done, counted or announced for it. */
export interface Explanation {
  readonly url: string
  readonly method: string
  /** What the request would come to, as far as the policies go that are known to be asked about its path. */
  readonly outcome: PolicyExplanation['outcome']
  /** One sentence. */
  readonly why: string
  /** In the order in which they are asked, the outermost first. Empty if none has been asked about this path in this process. */
  readonly policies: readonly PolicyExplanation[]
}

type Explain = (question: Question, prefix: string) => Promise<Explanation>

const explainers = new WeakMap<Engine, Explain>()

/** Says who explains what would happen to requests. */
export function explainBy(engine: Engine, explain: Explain): void {
  explainers.set(engine, explain)
}

/** @returns `undefined` if nobody can */
export function explainerOf(engine: Engine): Explain | undefined {
  return explainers.get(engine)
}
