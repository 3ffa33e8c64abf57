import type { IncomingHttpHeaders } from 'node:http'
import type { Accepts } from '../cache/visit.js'
import type { Entry } from '../entries/entry.js'
import { parseCacheControl, seconds } from '../http/cache-control.js'
import { ageMs, isPage } from '../responses/kept-page.js'

/** What a visitor asks of the age of an answer (RFC 9111, 5.2.1). */
export interface Wishes {
  /** Is this entry an answer? It was found servable; a wish can only turn down. */
  readonly accepts: Accepts
  /** Nothing of it is to be stored (5.2.1.5). */
  readonly noStore: boolean
  /** Rather none than one that has to be made (5.2.1.7). */
  readonly onlyIfCached: boolean
}

/**
 * The wishes in a request, or `undefined` if there are none. What does not fit the grammar wishes for nothing. `max-stale` opens nothing that
 * is not open: who brings it takes of what is served stale anyway what is not staler than that.
 * @param now gives epoch ms
 */
export function wishesOf(headers: IncomingHttpHeaders, now: () => number): Wishes | undefined {
  const { 'cache-control': field, pragma } = headers
  if (field === undefined && pragma === undefined) return undefined
  const directives = parseCacheControl(field)
  if (directives === undefined) return undefined
  // RFC 9111, 5.4.
  const noCache = directives.has('no-cache') || (directives.size === 0 && /(?:^|,)\s*no-cache\s*(?:,|$)/i.test(pragma ?? ''))
  const [maxAge, minFresh, maxStale] = ['max-age', 'min-fresh', 'max-stale'].map(name => seconds(directives.get(name)))
  const noStore = directives.has('no-store')
  const onlyIfCached = directives.has('only-if-cached')
  if (!noCache && !noStore && !onlyIfCached && maxAge === undefined && minFresh === undefined && maxStale === undefined) return undefined

  const askedAt = now()
  // Without a number any staleness will do; without the directive, none to who cares for the age at all (5.2.1.2).
  const careful = maxAge !== undefined || minFresh !== undefined
  const staleSeconds = maxStale ?? (careful && !directives.has('max-stale') ? 0 : Infinity)
  const accepts: Accepts = (entry, shared) => {
    // A rule says nothing of the page yet.
    if (!isPage(entry.value)) return true
    // A load under way when they asked ends after that.
    if (noCache && (shared ? entry.createdAt < askedAt : entry.createdAt <= askedAt)) return false
    const at = now()
    if (maxAge !== undefined && ageMs(entry, entry.value, at) > maxAge * 1000) return false
    if (minFresh !== undefined && entry.staleAt - at < minFresh * 1000) return false
    return at < entry.staleAt || (staleSeconds > 0 && at - entry.staleAt <= staleSeconds * 1000)
  }
  return { accepts, noStore, onlyIfCached }
}

/** The same, and nothing that is stale: for requests that cannot be sent again behind their visitor's back, since they ask by their body. */
export function nothingStale(wishes: Wishes | undefined, now: () => number): Wishes {
  const accepts: Accepts = (entry, shared) => now() < entry.staleAt && (wishes === undefined || wishes.accepts(entry, shared))
  return { accepts, noStore: wishes?.noStore === true, onlyIfCached: wishes?.onlyIfCached === true }
}

/** Is the entry an answer to who has these wishes, or none? */
export function willDo(entry: Entry, wishes: Wishes | undefined): boolean {
  return wishes === undefined || wishes.accepts(entry, false)
}
