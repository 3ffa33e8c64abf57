import type { IncomingHttpHeaders } from 'node:http'

/** What a visitor asks of a page, as it was sent: a request, or what is left of one that was changed. */
export interface Asked {
  readonly method?: string | undefined
  readonly headers: IncomingHttpHeaders
}
