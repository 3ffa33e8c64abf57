import type { IncomingMessage } from 'node:http'
import { readForm } from './read-form.js'
import type { PageRequest } from './route.js'

interface Received {
  readonly request: IncomingMessage
  /** Path and query as they arrived. */
  readonly url: string
  readonly params: Readonly<Record<string, unknown>>
  readonly tag: PageRequest['tag']
}

/** Brings what a framework received into the form the handlers share. */
export async function pageRequest({ request, url, params, tag }: Received): Promise<PageRequest> {
  const queryAt = url.indexOf('?')
  return {
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
    query: new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt + 1)),
    form: request.method === 'POST' ? await readForm(request) : new URLSearchParams(),
    tag,
  }
}
