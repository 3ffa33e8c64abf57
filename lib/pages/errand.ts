import type { IncomingMessage } from 'node:http'
import type { PageKey } from './page-key.js'
import type { Lead } from '../cache/visit.js'
import type { Entry } from '../entries/entry.js'

/** A request sent behind the visitors' backs to refresh one page of one policy. */
export interface Errand {
  readonly pages: unknown
  /** The rest of the URL where the policy stands, after what routers had taken of it. */
  readonly rest: string | undefined
  readonly where: PageKey
  readonly lead: Lead
  readonly kept: Entry
}

/** How long a refresh may take at least (ms): nobody waits for it, and given up it would only be begun again. */
export const REFRESH_MS = 120_000

/** The errands that are under way, by the requests that run them. */
export const errands = new WeakMap<IncomingMessage, Errand>()
