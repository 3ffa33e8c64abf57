import type { Duration } from '../time/duration.js'

/** A request as every framework has it, for who names no type of his own. */
export interface AnyVisit {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** What fills a hole for one visitor: markup or any other text of the page, or its bytes, which are sent as they are. */
export type HoleFiller<Visit> = (visit: Visit) => string | Buffer | PromiseLike<string | Buffer>

/** How a hole is filled. */
export interface HoleOptions {
  /**
   * What is sent where filling it fails or takes too long.
   * @default nothing
   */
  readonly fallback?: string | Buffer
  /**
   * How long filling it may take.
   * @default '10s'
   */
  readonly timeout?: Duration
  /**
   * Lets pages with this hole be served in front of the framework, where their policy does. Your word that filling it asks nothing of the request but
   * what Node's own has: there it is given that.
   * @default false
   */
  readonly front?: boolean
}

/** The hole that is asked for. */
export interface AskedHole {
  readonly name: string
  readonly fill: unknown
  readonly options: unknown
}
