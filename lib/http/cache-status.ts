/** What became of a request, for its `Cache-Status` (RFC 9211) and `Server-Timing` fields. */
export type Outcome = 'hit' | 'stale' | 'miss' | 'bypass'

/** Served from the cache; `ttl` is what is left of its freshness, negative if it is stale. */
export function statusOfHit(ttlSeconds: number, detail?: string): string {
  const ttl = ttlSeconds === Infinity ? '' : `; ttl=${ttlSeconds}`
  return detail === undefined ? `smart-cache; hit${ttl}` : `smart-cache; hit${ttl}; detail=${detail}`
}

/** Served with what another request's handler has just answered. */
export function statusOfCollapsed(ttlSeconds: number): string {
  return `smart-cache; fwd=uri-miss; collapsed${ttlSeconds === Infinity ? '' : `; ttl=${ttlSeconds}`}`
}

/** Served with what was kept, which its handler has said still holds. */
export function statusOfRevalidated(ttlSeconds: number): string {
  return `smart-cache; fwd=stale; fwd-status=304${ttlSeconds === Infinity ? '' : `; ttl=${ttlSeconds}`}`
}

/** Answered by the handler, the cache not having been asked. */
export function statusOfBypass(reason: string): string {
  return reason === 'method' ? 'smart-cache; fwd=method' : `smart-cache; fwd=bypass; detail=${reason}`
}

/**
 * Answered by the handler because nothing servable was kept. The answer is `stored` unless `refusal` says why it is not: as far as its head
 * can tell, for a body that breaks off, or a purge meanwhile, still keeps it from being kept.
 */
export function statusOfMiss(forward: 'uri-miss' | 'vary-miss' | 'stale', refusal?: string): string {
  return refusal === undefined ? `smart-cache; fwd=${forward}; stored` : `smart-cache; fwd=${forward}; detail=${refusal}`
}

/** `Server-Timing` as browsers show it and scripts may read it: the outcome, the age, and how long the answer took to make (ms). */
export function timingOf(outcome: Outcome, loadMs?: number, ageMs?: number): string {
  const age = ageMs === undefined ? '' : `, age;dur=${ageMs}`
  return `cache;desc="${outcome}"${age}${loadMs === undefined ? '' : `, load;dur=${Math.round(loadMs * 10) / 10}`}`
}
