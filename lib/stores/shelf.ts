import { LRUCache } from 'lru-cache'
import type { Entry } from '../entries/entry.js'
import { Journal } from '../journal/journal.js'
import type { Purge } from '../journal/purge.js'

/**
 * Entries in this process's memory beside the journal that they are compared with: bounded by bytes, and never handing out what a hard
 * purge in its journal has ended.
 */
export class Shelf {
  readonly journal: Journal
  readonly #entries: LRUCache<string, Entry>

  /** @param evicted told of each entry that was let go of to make room */
  constructor(maxBytes: number, evicted: (key: string, bytes: number, createdAt: number) => void, journal = new Journal()) {
    this.journal = journal
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: entry => entry.bytes,
      dispose: (entry, key, reason) => {
        entry.attached?.drop()
        if (reason === 'evict') evicted(key, entry.bytes, entry.createdAt)
      },
    })
  }

  /** The entry, whatever its age, unless a purge has ended it. [near] */
  peek(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.position === this.journal.position ? entry : this.#compared(entry)
  }

  /** @returns whether there was room for it, and no purge since its position has ended it */
  put(entry: Entry): boolean {
    if (this.journal.ended(entry)) return false
    this.#entries.set(entry.key, entry)
    return this.#entries.peek(entry.key) === entry
  }

  /** @returns whether there is room for so many bytes more of it, and it is still here */
  grow(entry: Entry, bytes: number): boolean {
    if (this.peek(entry.key) !== entry || entry.bytes + bytes > this.#entries.maxSize) return false
    // A cache that is given what it has already does not ask for its size again.
    this.#entries.delete(entry.key)
    entry.bytes += bytes
    this.#entries.set(entry.key, entry)
    return true
  }

  /** Writes a purge into the journal. */
  apply(purge: Purge): void {
    this.journal.append(purge)
    this.follow(purge)
  }

  /** Does what is due here upon a purge that the journal has. */
  follow(purge: Purge): void {
    if (purge.kind === 'key') this.#purgeKey(purge)
    else if (purge.kind === 'prefix' && purge.name === '' && !purge.soft) this.#entries.clear()
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Compares the entry with the purges since its position, and writes down the outcome so that it is not compared again. */
  #compared(entry: Entry): Entry | undefined {
    if (this.journal.ended(entry)) {
      this.#entries.delete(entry.key)
      return undefined
    }
    entry.staleAt = Math.min(entry.staleAt, this.journal.outdatedAt(entry))
    // The journal may lag behind where the entry was read.
    entry.position = Math.max(entry.position, this.journal.position)
    return entry
  }

  #purgeKey({ name, soft, at }: Purge): void {
    const entry = this.#entries.peek(name)
    if (entry === undefined) return
    if (soft) entry.staleAt = Math.min(entry.staleAt, at)
    else this.#entries.delete(name)
  }
}
