import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'

/** Who asks, as far as cookies say. */
export interface Visitor {
  readonly id: string
  /** As they have told us. */
  readonly name: string | undefined
}

/** What a visitor has in common with the request that a hole is filled for, on either framework. */
export interface Asked {
  readonly headers: IncomingHttpHeaders
}

export const LONGEST_NAME = 40

const YEAR_SECONDS = 31_536_000

/** Those who came without a cookie, by the headers with which they did. */
const newcomers = new WeakMap<IncomingHttpHeaders, string>()

/** Gives who has no number one. Runs before the cache does, for hits as well: what it sets is no part of any page. */
export function welcome({ headers }: IncomingMessage, response: ServerResponse): void {
  if (cookie(headers, 'visitor') !== undefined) return
  const id = randomUUID()
  newcomers.set(headers, id)
  response.appendHeader('Set-Cookie', cookieField('visitor', id))
}

export function visitorOf({ headers }: Asked): Visitor {
  return { id: cookie(headers, 'visitor') ?? newcomers.get(headers) ?? '', name: cookie(headers, 'name') }
}

/** The header field that has a browser remember the visitor's name. */
export function nameField(name: string): string {
  return cookieField('name', encodeURIComponent(name))
}

function cookieField(name: string, value: string): string {
  return `${name}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; HttpOnly; SameSite=Lax`
}

function cookie({ cookie: field = '' }: IncomingHttpHeaders, name: string): string | undefined {
  const found = field.split(/; */).find(pair => pair.startsWith(`${name}=`))
  try {
    return found === undefined ? undefined : decodeURIComponent(found.slice(name.length + 1)) || undefined
  } catch {
    // Nobody but the visitor has written it so.
    return undefined
  }
}
