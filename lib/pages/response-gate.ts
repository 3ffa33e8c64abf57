import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { fieldText, isToken } from './field-text.js'
import { parseCacheControl, sharedMaxAgeSeconds } from './cache-control.js'

/** What the head of a response allows. */
export type Keeping =
  | {
      readonly keep: true
      /** Fresh for no longer than this, where the response names a limit. */
      readonly maxAgeSeconds: number | undefined
      /** May it be served stale at all? */
      readonly stale: boolean
      /** The request headers that it varies on: lower case, in order. */
      readonly vary: readonly string[]
    }
  | { readonly keep: false; readonly reason: string }

const FORBIDDING = ['no-store', 'private', 'no-cache'] as const
/** Fields meant for caches of other kinds; what those may not keep we do not keep either (RFC 9213). */
const TARGETED = ['cdn-cache-control', 'surrogate-control'] as const

/**
 * May a shared cache keep the response with these headers, all names in lower case (RFC 9111, section 3)? In doubt not. `own` are those that
 * the route itself set, or changed; `now` is in epoch ms.
 */
export function judgeHead(headers: OutgoingHttpHeaders, own: OutgoingHttpHeaders, now: number): Keeping {
  if (own['set-cookie'] !== undefined) return refused('set-cookie')
  if (headers['trailer'] !== undefined) return refused('trailer')
  if (headers['content-range'] !== undefined) return refused('content-range')
  if (/^\s*text\/event-stream/i.test(fieldText(headers['content-type']))) return refused('event-stream')
  const vary = varyNames(headers['vary'])
  if (vary.includes('*') || !vary.every(isToken)) return refused('vary')
  const directives = parseCacheControl(headers['cache-control'])
  if (directives === undefined) return refused('cache-control')
  for (const field of TARGETED) {
    const targeted = parseCacheControl(headers[field])
    if (targeted === undefined || FORBIDDING.some(name => targeted.has(name))) return refused(field)
  }
  for (const name of FORBIDDING) if (directives.has(name)) return refused(name)
  if (directives.size === 0 && /no-cache/i.test(fieldText(headers['pragma']))) return refused('no-cache')
  const maxAgeSeconds = sharedMaxAgeSeconds(directives) ?? expiresInSeconds(headers, now)
  if (maxAgeSeconds === 0) return refused('max-age')
  // Encoded bytes are for those who asked for them, whether or not the response says so.
  const encoded = headers['content-encoding'] !== undefined && !vary.includes('accept-encoding')
  return {
    keep: true,
    maxAgeSeconds,
    stale: !directives.has('must-revalidate') && !directives.has('proxy-revalidate') && !directives.has('s-maxage'),
    vary: encoded ? [...vary, 'accept-encoding'].toSorted() : vary,
  }
}

function refused(reason: string): Keeping {
  return { keep: false, reason }
}

/** The names in a `Vary` field, in lower case, each once, in order. */
export function varyNames(field: OutgoingHttpHeader | undefined): readonly string[] {
  const names = fieldText(field)
    .split(',')
    .map(name => name.trim().toLowerCase())
  return [...new Set(names.filter(name => name !== ''))].toSorted()
}

/** RFC 9111, 5.3: an invalid date, `0` above all, means already expired. */
function expiresInSeconds(headers: OutgoingHttpHeaders, now: number): number | undefined {
  if (headers['expires'] === undefined) return undefined
  const expires = Date.parse(headers['expires'])
  const date = headers['date'] === undefined ? now : Date.parse(headers['date'])
  return Number.isNaN(expires) || Number.isNaN(date) ? 0 : Math.max(0, Math.floor((expires - date) / 1000))
}
