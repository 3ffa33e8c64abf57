import { LRUCache } from 'lru-cache'
import { bytesOf, type ByteSize } from '../bytes.js'
import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import { Journal } from '../journal/journal.js'
import type { Purge } from '../journal/purge.js'
import { checkedOptions } from '../options.js'
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
  readonly #entries: LRUCache<string, Entry>
  readonly #journal = new Journal()
  readonly #leases = new Map<string, FillLease>()
  readonly #watchers = new Set<StoreWatcher>()

  constructor(maxBytes: number) {
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: entry => entry.bytes,
      dispose: (entry, key, reason) => {
        if (reason === 'evict') for (const watcher of this.#watchers) watcher.evicted(key, entry.bytes)
      },
    })
  }

  peek(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.position === this.#journal.position ? entry : this.#compared(entry)
  }

  read(key: string, now: number, toFill: boolean): Reading {
    const entry = this.peek(key)
    const fresh = entry !== undefined && judge(entry, now) === 'fresh'
    return { entry, position: this.#journal.position, lease: toFill && !fresh ? this.#lease(key) : undefined }
  }

  fill(entry: Entry, lease: FillLease): boolean {
    if (this.#leases.get(entry.key) !== lease) return false
    this.#leases.delete(entry.key)
    if (this.#journal.ended(entry)) return false
    this.#entries.set(entry.key, entry)
    return this.#entries.peek(entry.key) === entry
  }

  put(entry: Entry): void {
    this.purge([{ kind: 'key', name: entry.key, soft: false, at: entry.createdAt }])
    this.#entries.set(entry.key, { ...entry, position: this.#journal.position })
  }

  release(key: string, lease: FillLease): void {
    if (this.#leases.get(key) === lease) this.#leases.delete(key)
  }

  purge(purges: readonly Purge[]): void {
    for (const purge of purges) {
      this.#journal.append(purge)
      if (purge.kind === 'key') this.#purgeKey(purge)
      else if (purge.kind === 'prefix' && purge.name === '' && !purge.soft) this.#entries.clear()
    }
    for (const watcher of this.#watchers) for (const purge of purges) watcher.purged(purge)
  }

  watch(watcher: StoreWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  close(): void {
    this.#entries.clear()
    this.#leases.clear()
  }

  /** Compares the entry with the purges since its position, and writes down the outcome so that it is not compared again. */
  #compared(entry: Entry): Entry | undefined {
    if (this.#journal.ended(entry)) {
      this.#entries.delete(entry.key)
      return undefined
    }
    entry.staleAt = Math.min(entry.staleAt, this.#journal.outdatedAt(entry))
    entry.position = this.#journal.position
    return entry
  }

  /** A later lease ends an earlier one: whoever asks now asks after everything that the earlier holder may have read. */
  #lease(key: string): FillLease {
    const lease = Symbol(key)
    this.#leases.set(key, lease)
    return lease
  }

  #purgeKey({ name, soft, at }: Purge): void {
    const entry = this.#entries.peek(name)
    this.#leases.delete(name)
    if (entry === undefined) return
    if (soft) entry.staleAt = Math.min(entry.staleAt, at)
    else this.#entries.delete(name)
  }
}
