import { createHash, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Entry } from '../entries/entry.js'
import type { Purge } from '../journal/purge.js'
import type { FarPurge, FarShard } from './far.js'
import { CLOCK_MARGIN, type Membership } from './membership.js'
import { Shard, type ShardOptions } from './shard.js'
import type { FillLease, Intent, PurgeOptions, Reading, Store, StoreWatcher } from './store.js'

/**
 * A near tier in this process before a far one that several processes share. Keys are spread over the far tier's shards; each has a journal
 * of its own, and a purge of more than keys goes to all of them.
 */
export class TieredStore implements Store {
  readonly name: string
  readonly #shards: readonly Shard[]
  readonly #watchers = new Set<StoreWatcher>()

  /** @param open makes the far shards, for the member of this name */
  constructor(name: string, open: (member: string) => readonly FarShard[], options: ShardOptions) {
    this.name = name
    const member = randomUUID()
    const shards = open(member)
    const heard = (purge: Purge) => {
      for (const watcher of this.#watchers) watcher.purged(purge)
    }
    const evicted = (key: string, bytes: number, createdAt: number) => {
      for (const watcher of this.#watchers) watcher.evicted(key, bytes, createdAt)
    }
    const near = { ...options, nearBytes: Math.floor(options.nearBytes / shards.length) }
    this.#shards = shards.map(far => new Shard(far, member, near, heard, evicted))
  }

  upToDate(key: string): boolean {
    return this.#shardOf(key).shares(key)
  }

  peek(key: string): Entry | undefined {
    return this.#shardOf(key).peek(key)
  }

  grow(entry: Entry, bytes: number): boolean {
    return this.#shardOf(entry.key).grow(entry, bytes)
  }

  read(key: string, now: number, toFill: boolean): Promise<Reading> {
    return this.#shardOf(key).read(key, now, toFill)
  }

  fill(entry: Entry, lease: FillLease, supersede = false): Promise<boolean> {
    return this.#shardOf(entry.key).fill(entry, String(lease), supersede)
  }

  async put(entry: Entry): Promise<void> {
    const { far, membership } = this.#shardOf(entry.key)
    await membership.settled(await far.put(entry))
  }

  async add(entry: Entry, now: number): Promise<boolean> {
    const { far, membership } = this.#shardOf(entry.key)
    return settledIf(membership, await far.add(entry, now))
  }

  async touch(entry: Entry, now: number): Promise<boolean> {
    const { far, membership } = this.#shardOf(entry.key)
    return settledIf(membership, await far.touch(entry, now))
  }

  async count(entry: Entry, by: number, now: number): Promise<number> {
    const { far, membership } = this.#shardOf(entry.key)
    const { purge, count } = await far.count(entry, by, now)
    await membership.settled(purge)
    return count
  }

  async release(key: string, lease: FillLease): Promise<void> {
    await this.#shardOf(key).release(key, String(lease))
  }

  async purge(purges: readonly Purge[], { wait, intent }: PurgeOptions = { wait: true }): Promise<void> {
    const withdrawn = intent instanceof TieredIntent ? { id: intent.id, standsMs: 0 } : undefined
    const shared = this.#shards.length > 1 ? purges.filter(({ kind }) => kind !== 'key') : []
    if (shared.length > 0) await this.#purge(shared, wait, undefined)
    // What a shard where it was purged already keeps meanwhile may be made of what lies in one where it was not: so all is purged once more. [twice]
    await this.#purge(purges, wait, withdrawn)
  }

  async intend(purges: readonly Purge[]): Promise<Intent> {
    // A purge before the write as well. [intent]
    const intent = new TieredIntent()
    await Promise.all(this.#due(purges).map(async ([shard, due]) => shard.far.purge(due, { id: intent.id, standsMs: INTENT_MS })))
    return intent
  }

  watch(watcher: StoreWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  forget(): void {
    for (const shard of this.#shards) shard.forget()
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
    // Not taken apart: this is on the way of every hit.
    const shard = this.#shards[this.#shards.length === 1 ? 0 : createHash('sha1').update(key).digest().readUInt32BE() % this.#shards.length]
    if (shard === undefined) throw new RangeError('A tiered store needs at least one shard')
    return shard
  }
}

/** Waits until nobody is served what was there before, if anything was done. */
async function settledIf(membership: Membership, purge: FarPurge | undefined): Promise<boolean> {
  if (purge !== undefined) await membership.settled(purge)
  return purge !== undefined
}

/** How long an intent stands, ms. */
const INTENT_MS = 5_000

/** Counts from before the intent was declared, so it never believes to stand when it does not. [intentcheck] */
class TieredIntent implements Intent {
  readonly id = randomUUID()
  readonly #until = performance.now() + INTENT_MS / CLOCK_MARGIN

  stands(): boolean {
    return performance.now() < this.#until
  }
}
