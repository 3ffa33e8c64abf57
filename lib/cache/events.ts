/** Which entry an event is about. */
interface AboutEntry {
  /** The namespace's segments joined by `/`; empty for the root. */
  readonly namespace: string
  readonly key: string
}

/** What `cache.on` announces. Instants are epoch ms, durations ms. */
export interface CacheEvents {
  /** Served fresh; `ageMs` since it was kept. */
  hit: AboutEntry & { readonly ageMs: number }
  /** Nothing servable was there: nothing at all, or only what had expired. */
  miss: AboutEntry & { readonly reason: 'absent' | 'expired' }
  /** Served past its freshness: within its grace, or because the load failed, or took longer than `softTimeout`. */
  stale: AboutEntry & { readonly ageMs: number; readonly reason: 'grace' | 'error' | 'timeout' }
  /** Loaded, or set, and kept. */
  fill: AboutEntry & { readonly bytes: number; readonly loadMs: number; readonly staleAt: number; readonly tags: readonly string[] }
  /** Loaded and not kept, with the reason. */
  refuse: AboutEntry & { readonly reason: string }
  /** Purged, and now in effect. */
  purge: { readonly kind: 'tag' | 'key' | 'prefix' | 'pattern'; readonly namespace: string; readonly name: string; readonly soft: boolean }
  /** Let go of by the store to make room. */
  evict: AboutEntry & { readonly bytes: number }
  /**
   * Something failed that no caller was told of: a refresh behind the caller's back, a load covered by `staleIfError`, a value that cannot be kept, a guard in
   * front, the purge or the warming of a schedule (of which `key` is the name).
   */
  error: {
    readonly operation: 'refresh' | 'load' | 'keep' | 'store' | 'schedule' | 'warm' | 'front'
    readonly namespace: string
    readonly key: string
    readonly error: unknown
  }
}
