import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { Tokens } from '../../examples/cities/visitors/tokens.js'

/** What the tokens of forms are made with, where a test has to know them. */
export const SECRET = 'a secret of the test'

const COOKIE = 'visitor=7d0a3c1e-0000-4000-8000-000000000001'
const TOKEN = new Tokens(SECRET).of({ headers: { cookie: COOKIE } })

/** An answer of the cities example, with what its headers say of it. */
export interface Answered {
  readonly status: number | undefined
  readonly body: string
  /** Which of several processes: `3 of 4`. */
  readonly by: string | undefined
  /** `hit`, `miss` … */
  readonly outcome: string | undefined
}

/** Asks over a connection that nobody has used before, so that any process may answer. With a form, posts it, with the visitor's token. */
export async function askAnew(url: string, form?: Readonly<Record<string, string>>): Promise<Answered> {
  const asking = request(url, {
    agent: false,
    method: form ? 'POST' : 'GET',
    headers: { Cookie: COOKIE, ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}) },
  }).end(form && new URLSearchParams({ ...form, token: TOKEN }).toString())
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const timing = String(response.headers['server-timing'])
  return {
    status: response.statusCode,
    body: await text(response),
    by: /process;desc="([^"]+)"/.exec(timing)?.[1],
    outcome: /cache;desc="([^"]+)"/.exec(timing)?.[1],
  }
}
