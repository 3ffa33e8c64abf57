import type { Rule } from './rules.js'

export interface Kept {
  readonly value: number
  readonly position: number
}

/** As it lies in the shard, or did once. */
export interface Lying extends Kept {
  readonly epoch: number
}

/** What is purged: the one tag that everything carries, or one key. */
export type Purged = 't' | { readonly key: string }

export interface Reading {
  readonly epoch: number
  readonly position: number
  readonly entry: Kept | undefined
  readonly token: number | undefined
  /** An intent stands, so there is no right to fill. */
  readonly intended: boolean
}

export interface Granted {
  readonly epoch: number
  readonly position: number
  readonly log: readonly Purged[]
  readonly length: number
}

/** How long a membership lease, a fill lease and an intent last. */
export const [LEASE, FILL_LEASE, INTENT] = [30, 20, 25]

let epochs = 0

/** One shard of the far tier in one life of it: each method is one atomic step. */
export class ModelShard {
  readonly epoch = ++epochs
  readonly log: Purged[] = []
  readonly members = new Map<number, number>()
  born: number
  position = 0
  /** Of the tag's last purge; it may be forgotten. */
  stamp: number | undefined
  /** From where on a fill finds the journal: what was before may be forgotten, too. */
  #begins = 0
  readonly #entries = new Map<string, Lying>()
  readonly #leases = new Map<string, { readonly token: number; readonly until: number }>()
  readonly #intents = new Map<number, number>()
  readonly #omit: Rule | undefined
  #tokens = 0
  /** What lay here once, or in an earlier life of it. */
  #older: ReadonlyMap<string, Lying>

  constructor(born: number, omit: Rule | undefined, older: ReadonlyMap<string, Lying> = new Map()) {
    this.born = born
    this.#omit = omit
    this.#older = older
  }

  /** The shard has lost everything; but what it had may still be somewhere. */
  lost(now: number): ModelShard {
    return new ModelShard(now, this.#omit, this.#entries)
  }

  /** What lies here now may be met again later. */
  copy(): void {
    this.#older = new Map(this.#entries)
  }

  /** What lies there, judged by nobody. From a replica that lags, or before it is noticed that the shard has lost its memory, an older copy. */
  find(key: string, older: boolean): Lying | undefined {
    return (older ? this.#older : this.#entries).get(key)
  }

  /** @param since what is good, and from before this, is good from now on */
  read(key: string, now: number, since: number): Reading {
    const entry = this.#entries.get(key)
    const stamp = this.stamp ?? (this.#omit === 'valid' ? 0 : Infinity)
    const good = entry !== undefined && stamp <= entry.position ? entry : undefined
    if (good !== undefined && good.position < since) this.#entries.set(key, { ...good, position: this.position })
    const intended = this.#omit !== 'intentfills' && [...this.#intents.values()].some(until => until >= now)
    const held = (this.#leases.get(key)?.until ?? -Infinity) >= now
    const token = good === undefined && !intended && !held ? ++this.#tokens : undefined
    if (token !== undefined) this.#leases.set(key, { token, until: now + FILL_LEASE })
    return { epoch: this.epoch, position: this.position, entry: good, token, intended }
  }

  /** @returns whether it was kept */
  fill(key: string, { value, position }: Kept, epoch: number, token: number): boolean {
    if (epoch !== this.epoch && this.#omit !== 'epoch') return false
    if (this.stamp === undefined || this.stamp > position) {
      const purged = this.#purgedSince(position) && (this.stamp !== undefined || this.#omit !== 'missingstamp')
      this.stamp = purged ? (this.stamp ?? this.position) : position
    }
    if (this.#leases.get(key)?.token !== token) return false
    this.#leases.delete(key)
    const unchecked = this.#omit === 'fillcheck'
    if (this.stamp > position && !unchecked) return false
    this.#entries.set(key, { value, position: unchecked ? this.position : position, epoch: this.epoch })
    return true
  }

  purge(purged: Purged, intent: number, standsUntil?: number) {
    this.position++
    if (standsUntil === undefined) this.#intents.delete(intent)
    else this.#intents.set(intent, standsUntil)
    if (purged === 't') this.stamp = this.position
    else {
      this.#entries.delete(purged.key)
      if (this.#omit !== 'leases') this.#leases.delete(purged.key)
    }
    this.log.push(purged)
    return { epoch: this.epoch, position: this.position, born: this.born, members: [...this.members] }
  }

  renew(member: number, until: number): Granted {
    this.members.set(member, until)
    return { epoch: this.epoch, position: this.position, log: this.log, length: this.log.length }
  }

  /** What fills could read of the journal is gone. */
  forgetJournal(): void {
    this.#begins = this.position
  }

  /** Nobody knows any more who may be serving from memory. */
  forgetMembers(now: number): void {
    this.members.clear()
    this.born = now
  }

  #purgedSince(position: number): boolean {
    if (position < this.#begins && this.#omit !== 'gaps') return true
    return this.log.slice(Math.max(position, this.#begins)).includes('t')
  }
}
