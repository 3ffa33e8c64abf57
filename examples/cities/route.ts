import type { Duration } from 'smart-cache'

/** A request as the handlers see it, whichever framework received it. */
export interface PageRequest {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: URLSearchParams
  /** The fields of a posted form, sent from a page of ours; empty for other requests. */
  readonly form: URLSearchParams
  /** Names what the page shows, so that it can be purged by it. */
  readonly tag: (...tags: readonly string[]) => void
  /** Stands in the page for the visitor's greeting. */
  readonly greeting: () => string
  /** Stands in the page for the visitor's token, which each form of it has to carry. */
  readonly token: () => string
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How long a page is kept and by which tags it is purged; what it shows adds tags of its own. */
interface RoutePolicy {
  readonly ttl: Duration
  readonly grace?: Duration
  readonly tags?: readonly string[]
}

/** One entry of the table that both shells mount. Without a policy nothing is kept. */
export interface Route {
  readonly method: 'get' | 'post'
  readonly path: string
  /** Whether its visitors are told apart, by a cookie. */
  readonly personal?: true
  readonly policy?: RoutePolicy
  readonly handle: (request: PageRequest) => Promise<Reply> | Reply
}
