import { bytesOf, type ByteSize } from '../bytes.js'
import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import { shown } from '../errors.js'
import type { Purge } from '../journal/purge.js'
import { checkedOptions } from '../options.js'
import { Shelf } from './shelf.js'
import type { FillLease, Reading, Store, StoreWatcher } from './store.js'

export interface MemoryStoreOptions {
  /**
   * How much it may hold, by an estimate of the entries' size. What was not asked for longest goes first; an entry larger than this is not
   * kept at all.
   * @default '64mb'
   */
  readonly maxBytes?: ByteSize
}

/**
 * Keeps entries in this process, and forgets them with it. Everything happens at once, so each rule of coherence holds by itself.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind
 */
export function memoryStore(options?: MemoryStoreOptions): Store {
  const { maxBytes = '64mb' } = checkedOptions(options, 'memoryStore()', ['maxBytes'])
  return new MemoryStore(bytesOf(maxBytes, 'maxBytes'))
}

class MemoryStore implements Store {
  readonly name = 'memory'
  readonly maxBytes: number
  readonly #shelf: Shelf
  readonly #leases = new Map<string, FillLease>()
  readonly #watchers = new Set<StoreWatcher>()

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
    this.#shelf = new Shelf(maxBytes, (key, bytes, createdAt) => {
      for (const watcher of this.#watchers) watcher.evicted(key, bytes, createdAt)
    })
  }

  peek(key: string): Entry | undefined {
    return this.#shelf.peek(key)
  }

  grow(entry: Entry, bytes: number): boolean {
    return this.#shelf.grow(entry, bytes)
  }

  read(key: string, now: number, toFill: boolean): Reading {
    const entry = this.peek(key)
    const fresh = entry !== undefined && judge(entry, now) === 'fresh'
    return { entry, position: this.#shelf.journal.position, lease: toFill && !fresh ? this.#lease(key) : undefined }
  }

  fill(entry: Entry, lease: FillLease, supersede = false): boolean {
    if (this.#leases.get(entry.key) !== lease) return false
    this.#leases.delete(entry.key)
    const kept = this.#shelf.put(entry)
    if (kept && supersede) this.#tell({ kind: 'key', name: entry.key, soft: false, at: entry.createdAt })
    return kept
  }

  put(entry: Entry): void {
    this.#put(entry)
  }

  add(entry: Entry, now: number): boolean {
    return this.#fresh(entry.key, now) === undefined && this.#put(entry)
  }

  touch({ key, staleAt, createdAt }: Entry, now: number): boolean {
    const there = this.#fresh(key, now)
    if (there !== undefined) this.#put({ ...there, staleAt, attached: undefined }, createdAt)
    return there !== undefined
  }

  count(entry: Entry, by: number, now: number): number {
    const there = this.#fresh(entry.key, now)
    const kept = there === undefined ? entry : { ...there, value: sum(there.value, by), attached: undefined }
    this.#put(kept, entry.createdAt)
    return kept.value as number
  }

  release(key: string, lease: FillLease): void {
    if (this.#leases.get(key) === lease) this.#leases.delete(key)
  }

  purge(purges: readonly Purge[]): void {
    for (const purge of purges) {
      this.#shelf.apply(purge)
      if (purge.kind === 'key') this.#leases.delete(purge.name)
    }
    for (const purge of purges) this.#tell(purge)
  }

  watch(watcher: StoreWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  forget(): void {
    this.purge([{ kind: 'prefix', name: '', soft: false, at: 0 }])
  }

  close(): void {
    this.#shelf.clear()
    this.#leases.clear()
  }

  #put(entry: Entry, at = entry.createdAt): boolean {
    this.purge([{ kind: 'key', name: entry.key, soft: false, at }])
    return this.#shelf.put({ ...entry, position: this.#shelf.journal.position })
  }

  #fresh(key: string, now: number): Entry | undefined {
    const entry = this.peek(key)
    return entry !== undefined && judge(entry, now) === 'fresh' ? entry : undefined
  }

  #tell(purge: Purge): void {
    for (const watcher of this.#watchers) watcher.purged(purge)
  }

  /** A later lease ends an earlier one: whoever asks now asks after everything that the earlier holder may have read. */
  #lease(key: string): FillLease {
    const lease = Symbol(key)
    this.#leases.set(key, lease)
    return lease
  }
}

function sum(kept: unknown, by: number): number {
  if (typeof kept === 'number' && Number.isFinite(kept)) return kept + by
  throw new TypeError(`Expected a number to be kept, got ${shown(kept)}`)
}
