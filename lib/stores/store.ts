import type { Entry } from '../entries/entry.js'
import type { Purge } from '../journal/purge.js'

/** The right to fill one key, given with a reading that found nothing fresh. Opaque: only the store that gave it can tell what it means. */
export type FillLease = symbol | string | number

/** What one look into the store found, all of it as of one moment. */
export interface Reading {
  /** The entry under the key, whatever its age; never one that a hard purge has ended. */
  readonly entry: Entry | undefined
  /** Where the journal stood: the position of whatever is loaded from here on. */
  readonly position: number
  /** The journal in which the position counts: positions in different ones cannot be compared. Absent where there is only one, for ever. */
  readonly journal?: string | undefined
  /** Present if the caller may load and fill; absent if it did not ask to, the entry is fresh, or another holds the lease. */
  readonly lease: FillLease | undefined
  /** Present if another holds the lease: resolves when it is worth looking again. */
  readonly busy?: Promise<void> | undefined
}

export interface PurgeOptions {
  /** Resolve as soon as the purge is written down, before every process is known to have heard of it. */
  readonly wait: boolean
  /** Withdraws the intent in the same step. */
  readonly intent?: Intent | undefined
}

/**
 * The announcement that something is about to be written: what it touches is purged, and what is loaded while it stands is kept by nobody. So a
 * writer that dies between its COMMIT and its purge leaves nothing stale (docs/coherence.md).
 */
export interface Intent {
  /** Does it still stand? COMMIT may be sent only while it does; otherwise it has to be declared anew first. */
  stands(): boolean
}

/** Who wants to hear what happens to the store otherwise than through its own calls. */
export interface StoreWatcher {
  /**
   * A purge has been applied: from this call on no read returns what it touches. A store of several parts may call once for each, and then it is
   * so from the last call on.
   */
  purged(purge: Purge): void
  /** The store let go of an entry to make room, which was kept at `createdAt` (epoch ms). */
  evicted(key: string, bytes: number, createdAt: number): void
}

/**
 * Where entries are kept. A store that answers at once returns the answer itself, another a promise for it. What each call must hold to is
 * tested by `storeContract` of `smart-cache/testing`.
 */
export interface Store {
  readonly name: string
  /** An entry of more bytes than this is not kept. Absent where there is no such limit. */
  readonly maxBytes?: number
  /**
   * Is every purge that any process was told is done known here, so that work in flight for the key may be shared with who asks now? Absent
   * where that is always so.
   */
  upToDate?(key: string): boolean
  /** The entry under the key, if it is at hand without waiting, whatever its age. Never one that a hard purge has ended. */
  peek(key: string): Entry | undefined
  /**
   * Counts `bytes` more for the entry at hand, for what has been made of it and lies in memory as long as it does. Absent where nothing is
   * at hand.
   * @returns whether there is room, and the entry is still at hand
   */
  grow?(entry: Entry, bytes: number): boolean
  /**
   * Entry and position and, if asked for with `toFill` and the entry is not fresh at `now` (epoch ms), a fill lease: one atomic look, one
   * round trip. At `Infinity` nothing is fresh.
   */
  read(key: string, now: number, toFill: boolean): Reading | Promise<Reading>
  /**
   * Keeps the entry, if the lease is still good and no hard purge has touched the entry since its position; decided and written in one
   * atomic step. Ends the lease either way. With `supersede` it may stand in the place of an entry that is fresh: once it has resolved nobody is
   * served that one any more, and watchers are told as of a purge of the key.
   * @returns whether it was kept
   */
  fill(entry: Entry, lease: FillLease, supersede?: boolean): boolean | Promise<boolean>
  /** Keeps the entry unconditionally, as a purge of its key that leaves a new value: ends the key's lease and moves the journal. */
  put(entry: Entry): void | Promise<void>
  /** `put`, unless there is something fresh at `now` (epoch ms): one atomic step. @returns whether it was kept */
  add(entry: Entry, now: number): boolean | Promise<boolean>
  /**
   * Gives what is fresh at `now` under the key of `entry` the `staleAt` of `entry`, and its grace after that; value and tags stay. One atomic step, and told of
   * as a put is. @returns whether there was something
   */
  touch(entry: Entry, now: number): boolean | Promise<boolean>
  /**
   * Adds `by` to the number that is fresh at `now` under the key of `entry`, whose life and tags stay; where there is none, puts `entry`. One
   * atomic step, and told of as a put is. Fails if there is something else than a number.
   * @returns the number that is kept now
   */
  count(entry: Entry, by: number, now: number): number | Promise<number>
  /** Gives a lease back without a fill. Giving back one that has ended does nothing. */
  release(key: string, lease: FillLease): void | Promise<void>
  /** Once it has returned or resolved, no read in any process returns, and no fill keeps, what the purges touch. Rejects if that cannot be said. */
  purge(purges: readonly Purge[], options?: PurgeOptions): void | Promise<void>
  /** Declares an intent on what the purges touch. Absent where entries end with the process that could die. */
  intend?(purges: readonly Purge[]): Promise<Intent>
  /** Calls the watcher from now on, until the returned function is called. */
  watch(watcher: StoreWatcher): () => void
  /**
   * Lets go of what is at hand in this process, as if purged, and of nothing that others share: the clock on the wall was set back, and nobody
   * can tell how old it is. Absent where nothing is ever at hand.
   */
  forget?(): void
  /** Lets go of everything the store holds open. */
  close(): void | Promise<void>
}
