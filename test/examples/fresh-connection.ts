import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

/** An answer of the cities example, with what its headers say of it. */
export interface Answered {
  readonly status: number | undefined
  readonly body: string
  /** Which of several processes: `3 of 4`. */
  readonly by: string | undefined
  /** `hit`, `miss` … */
  readonly outcome: string | undefined
}

/** Asks over a connection that nobody has used before, so that any process may answer. With a form, posts it. */
export async function askAnew(url: string, form?: Readonly<Record<string, string>>): Promise<Answered> {
  const asking = request(url, {
    agent: false,
    method: form ? 'POST' : 'GET',
    headers: form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {},
  }).end(form && new URLSearchParams(form).toString())
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const timing = String(response.headers['server-timing'])
  return {
    status: response.statusCode,
    body: await text(response),
    by: /process;desc="([^"]+)"/.exec(timing)?.[1],
    outcome: /cache;desc="([^"]+)"/.exec(timing)?.[1],
  }
}
