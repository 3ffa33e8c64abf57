import type { Entry } from '../entries/entry.js'
import type { Purge } from '../journal/purge.js'

/** Tells one life of a store from the next: a store that was emptied, by whatever accident, has another epoch. No two shards have the same. */
export type Epoch = string

/** What one look into a far shard found, all of it as of one moment. */
export interface FarReading {
  readonly epoch: Epoch
  readonly position: number
  /** Valid at `position`: no hard purge has touched it, and every one of its tags is known. */
  readonly entry: Entry | undefined
  /** Present if the reader may fill the key. */
  readonly lease: string | undefined
  /** If another holds the lease: for how many ms yet, at most, unless that process is heard of again. */
  readonly heldForMs: number | undefined
  /** An intent stands: what is loaded under the lease may be older than a write of which nobody will ever hear. */
  readonly contested: boolean
}

/** What lies under a key, as it was written there: nobody has compared it with any purge. */
export interface FarFind {
  /** In which life of the store it was written. */
  readonly epoch: Epoch
  /** Good at its own position, and touched by nothing before that. */
  readonly entry: Entry
}

/** A stretch of the journal: the purges of one call, which have the positions `first`, `first + 1`, … */
export interface FarRecord {
  /** Orders records and never goes back, whatever happens to the journal's positions. */
  readonly id: string
  readonly epoch: Epoch
  readonly first: number
  readonly purges: readonly Purge[]
  /** The member that purged: it waits to hear from all others. */
  readonly origin: string
}

/** What a purge brought about, in one atomic step. */
export interface FarPurge {
  readonly epoch: Epoch
  /** The position of its last record. */
  readonly position: number
  /** For how long the epoch has lasted, ms. */
  readonly epochAgeMs: number
  /** Who may still be serving from a near tier, and for how many ms yet unless it renews its lease. */
  readonly members: readonly { readonly id: string; readonly leasedForMs: number }[]
}

/** What a fill brought about, that was not refused. */
export interface FarFill {
  readonly epoch: Epoch
  readonly position: number
  readonly purge: FarPurge | undefined
}

/** What counting brought about. */
export interface FarCount {
  readonly purge: FarPurge
  readonly count: number
}

/** The answer to a renewal: the membership holds from when the renewal was sent, once `records` are applied. */
export interface Renewal {
  readonly epoch: Epoch
  readonly position: number
  /** Everything since the record that the renewal named. `undefined` if that cannot be said, and the near tier has to begin anew. */
  readonly records: readonly FarRecord[] | undefined
  /** The id to name in the next renewal. */
  readonly lastId: string
}

/** What a member hears while it listens. */
export interface Heard {
  readonly records: readonly FarRecord[]
  /** Members that have applied the journal up to a position. */
  readonly acknowledgements: readonly { readonly member: string; readonly epoch: Epoch; readonly position: number }[]
  /** Keys on which this member was waiting and whose lease has ended. */
  readonly released: readonly string[]
}

/**
 * One shard of a store outside this process, as the coherence protocol needs it: every method is one atomic step there. Each rejects when its
 * budget of time is over, whatever the connection does.
 */
export interface FarShard {
  /** The cheapest look there is. What it finds may be of any age, and is for the caller to judge. */
  find(key: string): Promise<FarFind | undefined>
  /** What is found to be good moves on to the position of this moment, if it is from before `since`. */
  read(key: string, now: number, toFill: boolean, since: number): Promise<FarReading>
  /** @returns the position at which it was kept, or `undefined` if it was refused; with `supersede` also what came of the purge of its key */
  fill(entry: Entry, lease: string, supersede: boolean): Promise<FarFill | undefined>
  put(entry: Entry): Promise<FarPurge>
  /** @returns `undefined` if something fresh was there */
  add(entry: Entry, now: number): Promise<FarPurge | undefined>
  /** Brings what is fresh there to the staleAt of `entry`. @returns `undefined` if nothing is */
  touch(entry: Entry, now: number): Promise<FarPurge | undefined>
  /** Adds to the number that is fresh there, or else puts the entry. */
  count(entry: Entry, by: number, now: number): Promise<FarCount>
  release(key: string, lease: string): Promise<void>
  /** With an intent: opens it for `standsMs`, or withdraws it with 0. */
  purge(purges: readonly Purge[], intent?: { readonly id: string; readonly standsMs: number }): Promise<FarPurge>
  renew(leaseMs: number, since: { readonly epoch: Epoch; readonly id: string } | undefined): Promise<Renewal>
  acknowledge(origins: readonly string[], epoch: Epoch, position: number): Promise<void>
  /** Waits for something to hear, for a limited time; `undefined` if there was nothing. */
  listen(afterId: string): Promise<Heard | undefined>
  close(): Promise<void>
}
