import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { isName } from '../keys/names.js'
import { parseStrings } from './dictionary.js'
import { fieldText } from './field-text.js'

/**
 * The URLs whose pages a successful unsafe request may have changed: its own, and those that its response names in `Location` and
 * `Content-Location`, of the same origin alone (RFC 9111, 4.4).
 */
export function changedUrls(origin: string, url: string, response: ServerResponse): readonly string[] {
  const own = urlAt(url, origin)
  const named = ['location', 'content-location'].flatMap(name => {
    const there = response.hasHeader(name) && own !== undefined ? urlAt(fieldText(response.getHeader(name)), own.href) : undefined
    return there === undefined || there.origin !== own?.origin ? [] : [there.pathname + there.search]
  })
  return [...new Set([url, ...named])]
}

function urlAt(reference: string, base: string): URL | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base) : undefined
}

/** The names in a `Cache-Groups` or `Cache-Group-Invalidation` field, as tags (RFC 9875). What cannot be read, or be a tag, is left out. */
export function groupsIn(field: OutgoingHttpHeader | undefined): readonly string[] {
  return (parseStrings(fieldText(field)) ?? []).filter(isName)
}
