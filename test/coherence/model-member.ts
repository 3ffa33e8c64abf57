import type { Granted, Kept, Lying, Purged } from './model-shard.js'
import type { Rule } from './rules.js'

/** A load under way in one process. */
export interface ModelFlight {
  readonly key: string
  /** What was purged since it began, `*` for all that may have been. */
  readonly heard: (Purged | '*')[]
  done: boolean
  value?: number
}

/** What one process knows of one shard, and has from it in memory. */
export class ModelMember {
  epoch = 0
  position = 0
  leasedUntil = -1
  doubts = 0
  readonly #near = new Map<string, Kept>()
  readonly #fetches = new Map<string, { touched: boolean }>()
  readonly #hear: (purged: Purged | '*') => void
  readonly #omit: Rule | undefined
  #read = 0
  #stamp = 0
  #floor = 0
  /** Where keys were last purged. */
  readonly #keys = new Map<string, number>()

  constructor(hear: (purged: Purged | '*') => void, omit: Rule | undefined) {
    this.#hear = hear
    this.#omit = omit
  }

  holds(now: number): boolean {
    return now < this.leasedUntil || this.#omit === 'fence'
  }

  /** What is at hand and has been touched by no purge heard of. */
  peek(key: string): Kept | undefined {
    const kept = this.#near.get(key)
    if (kept === undefined || this.#omit === 'near') return kept
    return kept.position >= Math.max(this.#stamp, this.#floor) ? kept : undefined
  }

  /** What lay in the shard, if it can be said that no purge has touched it since. */
  judged(key: string, { epoch, position }: Lying, now: number): boolean {
    if (!this.holds(now) && this.#omit !== 'plainfence') return false
    if (epoch !== this.epoch && this.#omit !== 'plainepoch') return false
    if (position < this.#floor && this.#omit !== 'plainsince') return false
    return this.#omit === 'plain' || position >= Math.max(this.#stamp, this.#omit === 'plainkeys' ? 0 : (this.#keys.get(key) ?? 0))
  }

  /** What is good. */
  keep(key: string, kept: Kept): void {
    this.#near.set(key, kept)
  }

  get since(): number {
    return this.#floor
  }

  /** Begins to fetch from the shard; what is found is admitted when it has come. */
  fetch(key: string): (found: Kept, epoch: number) => void {
    const fetch = this.#fetches.get(key) ?? { touched: false }
    this.#fetches.set(key, fetch)
    return (found, epoch) => {
      if (this.#omit === 'l1stamps') this.#near.set(key, { ...found, position: this.position })
      else if (!fetch.touched && (epoch === this.epoch || this.#omit === 'epoch')) this.#near.set(key, found)
    }
  }

  /** The shard was met in another life than is known here. */
  doubt(): void {
    this.doubts++
    this.leasedUntil = -1
  }

  listen(epoch: number, log: readonly Purged[]): void {
    if (epoch === this.epoch) this.#apply(log, log.length)
    else if (this.#omit !== 'epoch') this.doubt()
  }

  renewed({ epoch, position, log, length }: Granted): void {
    if (epoch === this.epoch && this.#omit === 'catchup') return
    if (epoch === this.epoch) return this.#apply(log, length)
    this.epoch = epoch
    if (this.#omit === 'epoch') {
      this.#read = 0
      return this.#apply(log, length)
    }
    this.position = position
    this.#read = length
    this.#floor = position
    this.#stamp = 0
    this.#keys.clear()
    this.#near.clear()
    for (const key of this.#fetches.keys()) this.#touch(key)
    this.#hear('*')
  }

  #apply(log: readonly Purged[], length: number): void {
    for (; this.#read < length; this.#read++) {
      const purged = log[this.#read] ?? 't'
      this.position = this.#read + 1
      if (purged === 't') this.#stamp = this.position
      else {
        this.#near.delete(purged.key)
        this.#keys.set(purged.key, this.position)
        this.#touch(purged.key)
      }
      this.#hear(purged)
    }
  }

  #touch(key: string): void {
    const fetch = this.#fetches.get(key)
    if (fetch !== undefined) fetch.touched = true
    this.#fetches.delete(key)
  }
}
