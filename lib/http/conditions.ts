import type { IncomingHttpHeaders } from 'node:http'
import { parseCacheControl } from './cache-control.js'
import { parseHttpDate } from './http-date.js'

const LISTED = /[ \t]*(?:(?:W\/)?("[!#-~\u0080-\u00ff]*")[ \t]*)?(?:,|$)/y

/**
 * The validators in an `If-None-Match` field, without what marks them as weak: there they are compared weakly (RFC 9110, 13.1.2, 8.8.3.2).
 * `undefined` for a field that does not fit the grammar (8.8.3).
 */
function tagsListed(field: string): readonly string[] | undefined {
  const tags: string[] = []
  for (LISTED.lastIndex = 0; LISTED.lastIndex < field.length;) {
    const match = LISTED.exec(field)
    if (match === null) return undefined
    if (match[1] !== undefined) tags.push(match[1])
  }
  return tags
}

function strong(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}

/** The first of these validators that an `If-None-Match` field names. What cannot be read names none: who is sent the page anew has lost time only. */
export function firstNamed(field: string | undefined, tags: readonly string[]): string | undefined {
  const listed = field === undefined ? undefined : tagsListed(field)
  return tags.find(tag => listed?.includes(strong(tag)) === true)
}

/** Does the request carry a condition that asks whether the visitor has to be sent the page at all? */
export function isConditional(headers: IncomingHttpHeaders): boolean {
  return headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined
}

/**
 * Does the visitor have the page with these validators already (RFC 9110, 13.1.2, 13.1.3, 13.2.2)? Not of a visitor who reloads (`no-cache`).
 * @param now epoch ms
 */
export function isHeld(headers: IncomingHttpHeaders, etag: string | undefined, modified: string | undefined, now: number): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since, 'cache-control': control } = headers
  if (control !== undefined && parseCacheControl(control)?.has('no-cache') === true) return false
  if (tags !== undefined) return tags.trim() === '*' || (etag !== undefined && firstNamed(tags, [etag]) !== undefined)
  const [from, to] = [parseHttpDate(modified, now), parseHttpDate(since, now)]
  return from !== undefined && to !== undefined && from <= to
}
