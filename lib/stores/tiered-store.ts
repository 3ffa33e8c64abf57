import { createHash, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import type { Purge } from '../journal/purge.js'
import type { FarPurge, FarShard } from './far.js'
import { CLOCK_MARGIN, Membership, type MembershipTimes } from './membership.js'
import { Shelf } from './shelf.js'
import type { FillLease, Intent, PurgeOptions, Reading, Store, StoreWatcher } from './store.js'

export interface TieredStoreOptions extends MembershipTimes {
  /** For how much there is room in memory; 0 for none. */
  readonly nearBytes: number
}

/** Waiting for another's load ends a little later than its lease, each time by another share of this, so that not all ask at once. */
const LEASE_JITTER_MS = 50

/**
 * A near tier in this process before a far one that several processes share. Keys are spread over the far tier's shards; each has a journal
 * of its own, and a purge of more than keys goes to all of them.
 */
export class TieredStore implements Store {
  readonly name: string
  readonly #shards: readonly Shard[]
  readonly #watchers = new Set<StoreWatcher>()

  /** @param open makes the far shards, for the member of this name */
  constructor(name: string, open: (member: string) => readonly FarShard[], options: TieredStoreOptions) {
    this.name = name
    const member = randomUUID()
    const shards = open(member)
    const heard = (purge: Purge) => {
      for (const watcher of this.#watchers) watcher.purged(purge)
    }
    const evicted = (key: string, bytes: number) => {
      for (const watcher of this.#watchers) watcher.evicted(key, bytes)
    }
    const near = { ...options, nearBytes: Math.floor(options.nearBytes / shards.length) }
    this.#shards = shards.map(far => new Shard(far, member, near, heard, evicted))
  }

  upToDate(key: string): boolean {
    return this.#shardOf(key).membership.holds
  }

  peek(key: string): Entry | undefined {
    return this.#shardOf(key).peek(key)
  }

  read(key: string, now: number, toFill: boolean): Promise<Reading> {
    return this.#shardOf(key).read(key, now, toFill)
  }

  fill(entry: Entry, lease: FillLease): Promise<boolean> {
    return this.#shardOf(entry.key).fill(entry, String(lease))
  }

  async put(entry: Entry): Promise<void> {
    const { far, membership } = this.#shardOf(entry.key)
    await membership.settled(await far.put(entry))
  }

  async release(key: string, lease: FillLease): Promise<void> {
    await this.#shardOf(key).far.release(key, String(lease))
  }

  async purge(purges: readonly Purge[], { wait, intent }: PurgeOptions = { wait: true }): Promise<void> {
    const withdrawn = intent instanceof TieredIntent ? { id: intent.id, standsMs: 0 } : undefined
    const shared = this.#shards.length > 1 ? purges.filter(({ kind }) => kind !== 'key') : []
    if (shared.length > 0) await this.#purge(shared, wait, undefined)
    // What a shard where it was purged already keeps meanwhile may be made of what lies in one where it was not: so all is purged once more.
    await this.#purge(purges, wait, withdrawn)
  }

  async intend(purges: readonly Purge[]): Promise<Intent> {
    const intent = new TieredIntent()
    await Promise.all(this.#due(purges).map(async ([shard, due]) => shard.far.purge(due, { id: intent.id, standsMs: INTENT_MS })))
    return intent
  }

  watch(watcher: StoreWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  async close(): Promise<void> {
    await Promise.all(this.#shards.map(shard => shard.close()))
  }

  async #purge(
    purges: readonly Purge[],
    wait: boolean,
    withdrawn: { readonly id: string; readonly standsMs: number } | undefined,
  ): Promise<void> {
    await Promise.all(this.#due(purges).map(async ([shard, due]) => shard.purge(due, wait, withdrawn)))
  }

  /** Which shards the purges go to: that of a key alone, all others to every shard. */
  #due(purges: readonly Purge[]): readonly (readonly [Shard, readonly Purge[]])[] {
    const due = this.#shards.map(
      shard => [shard, purges.filter(({ kind, name }) => kind !== 'key' || this.#shardOf(name) === shard)] as const,
    )
    return due.filter(([, some]) => some.length > 0)
  }

  #shardOf(key: string): Shard {
    const [only] = this.#shards
    const shard =
      this.#shards.length === 1 ? only : this.#shards[createHash('sha1').update(key).digest().readUInt32BE() % this.#shards.length]
    if (shard === undefined) throw new RangeError('A tiered store needs at least one shard')
    return shard
  }
}

/** How long an intent stands, ms. */
const INTENT_MS = 5_000

/** Counts from before the intent was declared, so it never believes to stand when it does not. */
class TieredIntent implements Intent {
  readonly id = randomUUID()
  readonly #until = performance.now() + INTENT_MS / CLOCK_MARGIN

  stands(): boolean {
    return performance.now() < this.#until
  }
}

/** One shard's far tier with the near tier and the membership that belong to it. */
class Shard {
  readonly far: FarShard
  readonly membership: Membership
  /** Epochs of different shards may have the same name. */
  readonly #name = randomUUID()
  readonly #shelf: Shelf | undefined
  /** For each key that is being fetched, whether a purge of that very key was heard meanwhile. */
  readonly #fetches = new Map<string, { touched: boolean; users: number }>()

  constructor(
    far: FarShard,
    member: string,
    { nearBytes, ...times }: TieredStoreOptions,
    heard: (purge: Purge) => void,
    evicted: (key: string, bytes: number) => void,
  ) {
    this.far = far
    this.#shelf = nearBytes > 0 ? new Shelf(nearBytes, evicted) : undefined
    this.membership = new Membership(far, member, times, {
      apply: (purge, position) => {
        this.#shelf?.apply(purge, position)
        if (purge.kind === 'key') this.#touch(purge.name)
        heard(purge)
      },
      beginAnew: position => {
        this.#shelf?.beginAnew(position)
        for (const key of this.#fetches.keys()) this.#touch(key)
        // Work in flight may be older than purges that were never heard of: nobody joins it any more.
        heard({ kind: 'prefix', name: '', soft: false, at: 0 })
      },
    })
    this.membership.start()
  }

  peek(key: string): Entry | undefined {
    return this.membership.holds ? this.#shelf?.peek(key) : undefined
  }

  async read(key: string, now: number, toFill: boolean): Promise<Reading> {
    return this.#fetching(key, async admit => {
      const { epoch, position, entry, lease, heldForMs } = await this.far.read(key, now, toFill)
      const known = epoch === this.membership.epoch
      if (!known && this.membership.epoch !== undefined) this.membership.doubt()
      // What was read is known to be good at `position`; the shelf compares it with what has been heard since.
      if (entry !== undefined && judge(entry, now) !== 'gone') admit({ ...entry, position }, epoch)
      const busy = heldForMs === undefined ? undefined : this.membership.released(key, heldForMs + Math.random() * LEASE_JITTER_MS)
      return {
        entry,
        // What is loaded may be made of what is at hand or in flight here, which is no newer than the last purge heard.
        position: known ? Math.min(position, this.membership.position) : position,
        journal: `${this.#name} ${epoch}`,
        lease: lease === undefined ? undefined : `${epoch} ${lease}`,
        busy,
      }
    })
  }

  async fill(entry: Entry, lease: string): Promise<boolean> {
    return this.#fetching(entry.key, async admit => {
      const kept = await this.far.fill(entry, lease)
      if (kept !== undefined) admit({ ...entry, position: kept.position }, kept.epoch)
      return kept !== undefined
    })
  }

  async purge(
    purges: readonly Purge[],
    wait: boolean,
    withdrawn: { readonly id: string; readonly standsMs: number } | undefined,
  ): Promise<void> {
    for (;;) {
      const purged: FarPurge = await this.far.purge(purges, withdrawn)
      if (!wait) return
      await this.membership.settled(purged)
      // The store lost its memory meanwhile, and with it perhaps the purge: it is said again.
      if (this.membership.epoch === undefined || this.membership.epoch === purged.epoch) return
    }
  }

  async close(): Promise<void> {
    this.membership.close()
    this.#shelf?.clear()
    await this.far.close()
  }

  /**
   * Works on a key in the far tier. What it finds there is taken into the near tier, unless it may be older than what is known here: a purge
   * of that very key was heard meanwhile, or the store has lost its memory (COHERENCE.md, rule 6).
   */
  async #fetching<T>(key: string, work: (admit: (entry: Entry, epoch: string) => void) => Promise<T>): Promise<T> {
    const fetch = this.#fetches.get(key) ?? { touched: false, users: 0 }
    this.#fetches.set(key, fetch)
    fetch.users++
    try {
      return await work((entry, epoch) => {
        if (!fetch.touched && epoch === this.membership.epoch) this.#shelf?.put(entry)
      })
    } finally {
      fetch.users--
      if (fetch.users === 0 && this.#fetches.get(key) === fetch) this.#fetches.delete(key)
    }
  }

  #touch(key: string): void {
    const fetch = this.#fetches.get(key)
    if (fetch !== undefined) fetch.touched = true
    this.#fetches.delete(key)
  }
}
