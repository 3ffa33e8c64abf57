import { oneOf } from '../options.js'
/** Which entry an event is about. */
interface AboutEntry {
  /** The namespace's segments joined by `/`; empty for the root. */
  readonly namespace: string
  readonly key: string
  /**
   * Under what entries of its kind are counted together: the route of a page, the name or the key template of a function, the tables of a query.
   * Where nobody has said, the key with `*` for all but plain words.
   */
  readonly name: string
  readonly kind: EntryKind
}

/** What is kept: a response, the rows of a query, or the value of anything else. */
export type EntryKind = 'page' | 'query' | 'value'

/** Why something was loaded or kept: nothing was there, it had expired, it is refreshed behind everybody's back, or it was set by hand. */
export type Cause = 'absent' | 'expired' | 'refresh' | 'set'

/** What shadowing has found of a kept page: another would have been served than its handler makes, though nothing had purged it. */
export interface ShadowReport {
  /** `leaked`: it differs with something that is not in its key, such as who asks. `stale`: it has changed since it was kept. */
  readonly verdict: 'leaked' | 'stale'
  /** `false` of what differs for another visitor, and may yet turn out to have changed for everybody. */
  readonly certain: boolean
  /** The statuses, where they differ. */
  readonly status: { readonly kept: number; readonly answered: number } | undefined
  /** Names of the header fields that differ, in lower case. */
  readonly headers: readonly string[]
  /** Where the bodies begin to differ, and how long they are (bytes), where they do. */
  readonly body: { readonly at: number; readonly keptBytes: number; readonly answeredBytes: number } | undefined
}

/** What `cache.on` announces. Instants are epoch ms, durations ms. */
export interface CacheEvents {
  /** Served fresh; `ageMs` since it was kept. An event for each costs more than the hit itself: to count them, `hits` is cheaper. */
  hit: AboutEntry & { readonly ageMs: number }
  /**
   * How often an entry was served fresh since this was told last, about a second ago. `bytes` is the size of the entry and `loadMs` what its load took;
   * `timesMs` has how long a few of these hits took to find in this process' memory, `storeTimesMs` the same where the store was asked, in ms.
   */
  hits: AboutEntry & {
    readonly count: number
    readonly bytes: number
    readonly loadMs: number
    readonly createdAt: number
    readonly timesMs: readonly number[]
    readonly storeTimesMs: readonly number[]
  }
  /** Nothing servable was there: nothing at all, or only what had expired. `loads` says whether it is loaded now. */
  miss: AboutEntry & { readonly reason: 'absent' | 'expired'; readonly loads: boolean }
  /** Served past its freshness: within its grace, or because the load failed, or took longer than `softTimeout`. */
  stale: AboutEntry & {
    readonly ageMs: number
    readonly reason: 'grace' | 'error' | 'timeout'
    readonly bytes: number
    readonly loadMs: number
  }
  /** Somebody waited for the load of another, and was given what it brought, or its error if it `failed`. */
  collapsed: AboutEntry & { readonly waitMs: number; readonly failed: boolean }
  /** The cache was not asked, or had no say: the load was made, and nothing of it kept. The key is empty where none was made. */
  bypass: AboutEntry & { readonly reason: string }
  /** Loaded, or set, and kept. */
  fill: AboutEntry & {
    readonly bytes: number
    readonly loadMs: number
    readonly createdAt: number
    readonly staleAt: number
    readonly tags: readonly string[]
    readonly because: Cause
  }
  /** Loaded, or set, and not kept, with the reason: `expired` at once, more than the store's `max-bytes`, `purged` meanwhile … */
  refuse: AboutEntry & { readonly reason: string; readonly loadMs: number; readonly because: Cause }
  /** The load failed; `covered` if something older was served in its stead. */
  fail: AboutEntry & { readonly error: unknown; readonly loadMs: number; readonly covered: boolean; readonly because: Cause }
  /** Purged, and now in effect; `why`, if whoever purged has said so. */
  purge: {
    readonly kind: 'tag' | 'key' | 'prefix' | 'pattern'
    readonly namespace: string
    readonly name: string
    readonly soft: boolean
    /** How long it took to be in effect. */
    readonly ms: number
    readonly why?: string
  }
  /** Found by a policy that only shadows (`mode: 'shadow'`); `ageMs` since the page was kept. */
  shadow: AboutEntry & ShadowReport & { readonly ageMs: number }
  /** Let go of by the store to make room; `ageMs` since it was kept. */
  evict: AboutEntry & { readonly bytes: number; readonly ageMs: number }
  /**
   * Something failed that no caller was told of: a refresh behind the caller's back, a load covered by `staleIfError`, a value that cannot be kept, a guard in
   * front, the filling of a hole, the purge or the warming of a schedule (of which `key` is the name).
   */
  error: {
    readonly operation: 'refresh' | 'load' | 'keep' | 'store' | 'schedule' | 'warm' | 'front' | 'hole'
    readonly namespace: string
    readonly key: string
    readonly error: unknown
  }
}

/** The names of all events, for those that come without the compiler. */
const NAMES: Readonly<Record<keyof CacheEvents, true>> = {
  hit: true,
  hits: true,
  miss: true,
  stale: true,
  collapsed: true,
  bypass: true,
  fill: true,
  refuse: true,
  fail: true,
  purge: true,
  shadow: true,
  evict: true,
  error: true,
}

/** @throws {ConfigError} for what is no event */
export function checkedEvent(name: unknown): keyof CacheEvents {
  return oneOf(name, 'event', Object.keys(NAMES) as (keyof CacheEvents)[])
}
