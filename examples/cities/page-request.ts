import type { IncomingMessage } from 'node:http'
import type { AnyVisit, HoleFiller } from 'smart-cache'
import { readForm } from './read-form.js'
import type { PageRequest } from './route.js'
import { greetingOf } from './visitors/greeting.js'
import type { Tokens } from './visitors/tokens.js'

interface Received {
  readonly request: IncomingMessage
  /** Path and query as they arrived. */
  readonly url: string
  readonly params: Readonly<Record<string, unknown>>
  /** What smart-cache has put on the request. */
  readonly cache: {
    tag(...tags: readonly string[]): void
    hole(name: string, fill: HoleFiller<AnyVisit>): string
  }
}

/** Brings what a framework received into the form the handlers share. No form gets past it that was sent from elsewhere. */
export async function pageRequest({ request, url, params, cache }: Received, tokens: Tokens): Promise<PageRequest> {
  const queryAt = url.indexOf('?')
  const form = request.method === 'POST' ? await readForm(request) : undefined
  if (form !== undefined) tokens.check(request, form)
  return {
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
    query: new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1)),
    form: form ?? new URLSearchParams(),
    tag: (...tags) => cache.tag(...tags),
    greeting: () => cache.hole('greeting', greetingOf),
    token: () => cache.hole('token', visit => tokens.of(visit)),
  }
}
