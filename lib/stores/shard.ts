import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import type { Purge } from '../journal/purge.js'
import type { FarFind, FarPurge, FarShard } from './far.js'
import { FoundKeys } from './found-keys.js'
import { Hearing } from './hearing.js'
import type { Listening } from './lease-ends.js'
import { Membership, type MembershipTimes } from './membership.js'
import { Shelf } from './shelf.js'
import type { Reading } from './store.js'

export interface ShardOptions extends MembershipTimes {
  /** For how much there is room in memory; 0 for none. */
  readonly nearBytes: number
}

/** Waiting for another's load ends a little later than its lease, each time by another share of this, so that not all ask at once. */
const LEASE_JITTER_MS = 50

/** How often a purge is said at most. */
const MAX_SAID = 5

/** One shard's far tier with the near tier and the membership that belong to it. */
export class Shard {
  readonly far: FarShard
  readonly membership: Membership
  readonly #hearing = new Hearing()
  readonly #shelf: Shelf | undefined
  readonly #heard: (purge: Purge) => void
  /** Keys of what lies in the far tier and not in the near one. */
  readonly #found = new FoundKeys()
  /** For each key that is being fetched, whether a purge of that very key was heard meanwhile. */
  readonly #fetches = new Map<string, { touched: boolean; users: number }>()
  /** Keys that are being loaded while an intent stands, with the lease for it. */
  readonly #contested = new Map<string, string>()

  constructor(
    far: FarShard,
    member: string,
    { nearBytes, ...times }: ShardOptions,
    heard: (purge: Purge) => void,
    evicted: (key: string, bytes: number, createdAt: number) => void,
  ) {
    this.far = far
    this.#heard = heard
    const letGo = (key: string, bytes: number, createdAt: number) => {
      this.#found.add(key)
      evicted(key, bytes, createdAt)
    }
    this.#shelf = nearBytes > 0 ? new Shelf(nearBytes, letGo, this.#hearing.journal) : undefined
    this.membership = new Membership(far, member, times, {
      apply: (purge, position) => {
        this.#hearing.append(purge, position)
        this.#shelf?.follow(purge)
        if (purge.kind === 'key') this.#touch(purge.name)
        heard(purge)
      },
      beginAnew: position => this.#beginAnew(position),
    })
    this.membership.start()
  }

  peek(key: string): Entry | undefined {
    return this.membership.holds ? this.#shelf?.peek(key) : undefined
  }

  grow(entry: Entry, bytes: number): boolean {
    return this.membership.holds && this.#shelf?.grow(entry, bytes) === true
  }

  /**
   * May work in flight for the key be shared with who asks now? Not if that could be older than a purge [fencedjoin], or than a
   * write whose writer has died [intentfills].
   */
  shares(key: string): boolean {
    return this.membership.holds && !this.#contested.has(key)
  }

  read(key: string, now: number, toFill: boolean): Promise<Reading> {
    // What is likely to be found lying there is looked for so, for that costs least; anything else needs the right to fill.
    const likely = this.membership.holds && (!toFill || (now < Infinity && this.#found.has(key)))
    return likely ? this.#find(key, now, toFill) : this.#ask(key, now, toFill)
  }

  /**
   * Judges what lies in the far tier by what was heard here, as if it had been in the near tier all the while. Whatever copy it is: it says in which life of the
   * store and at which position it was good, and every purge since that anybody was told is done is known here while the lease holds.
   * What only the far tier can judge, or does not give the caller what he needs, is asked for after all.
   */
  async #find(key: string, now: number, toFill: boolean): Promise<Reading> {
    const found = await this.far.find(key)
    const { epoch, position } = this.membership
    const judging = this.#judges(found)
    const entry = judging && found !== undefined ? this.#hearing.judged(found.entry) : undefined
    const verdict = entry === undefined ? 'gone' : judge(entry, now)
    const enough = judging && (verdict === 'fresh' || !toFill)
    if (entry !== undefined && enough && verdict !== 'gone') this.#keep(entry)
    else this.#found.delete(key)
    return enough ? { entry, position, journal: epoch, lease: undefined } : this.#ask(key, now, toFill)
  }

  /** Is all known here that what was found has to be compared with? */
  #judges(found: FarFind | undefined): boolean {
    // [plainfence]
    if (!this.membership.holds) return false
    // [plainepoch] [plainsince]
    return found === undefined || (found.epoch === this.membership.epoch && found.entry.position >= this.#hearing.since)
  }

  async #ask(key: string, now: number, toFill: boolean): Promise<Reading> {
    const listening = toFill ? this.membership.leases.listenFor(key) : undefined
    try {
      return await this.#read(key, now, toFill, listening)
    } catch (error) {
      listening?.end()
      throw error
    }
  }

  async #read(key: string, now: number, toFill: boolean, listening: Listening | undefined): Promise<Reading> {
    return this.#fetching(key, async admit => {
      const { epoch, position, entry, lease, heldForMs, contested } = await this.far.read(key, now, toFill, this.#hearing.since)
      const known = epoch === this.membership.epoch
      if (!known) this.membership.doubt()
      // What was read is known to be good at `position`; the shelf compares it with what has been heard since.
      if (entry !== undefined && judge(entry, now) !== 'gone') admit({ ...entry, position }, epoch)
      const busy = heldForMs === undefined ? undefined : listening?.released(heldForMs + Math.random() * LEASE_JITTER_MS)
      if (busy === undefined) listening?.end()
      if (lease !== undefined) this.#lead(key, `${epoch} ${lease}`, contested)
      return {
        entry,
        // What is loaded may be made of what is at hand or in flight here, which is no newer than the last purge heard. [heard]
        position: known ? Math.min(position, this.membership.position) : position,
        journal: epoch,
        lease: lease === undefined ? undefined : `${epoch} ${lease}`,
        busy,
      }
    })
  }

  async fill(entry: Entry, lease: string, supersede: boolean): Promise<boolean> {
    try {
      const kept = await this.#fetching(entry.key, async admit => {
        const answer = await this.far.fill(entry, lease, supersede)
        if (answer !== undefined) admit({ ...entry, position: answer.position }, answer.epoch)
        return answer
      })
      if (kept?.purge !== undefined) await this.membership.settled(kept.purge)
      return kept !== undefined
    } finally {
      this.#ended(entry.key, lease)
    }
  }

  async release(key: string, lease: string): Promise<void> {
    this.#ended(key, lease)
    await this.far.release(key, lease)
  }

  async purge(
    purges: readonly Purge[],
    wait: boolean,
    withdrawn: { readonly id: string; readonly standsMs: number } | undefined,
  ): Promise<void> {
    for (let said = 0; said < MAX_SAID; said++) {
      const purged: FarPurge = await this.far.purge(purges, withdrawn)
      if (!wait) return
      await this.membership.settled(purged)
      if (this.membership.epoch !== purged.epoch) await this.membership.renew()
      // The store lost its memory meanwhile, and with it perhaps the purge: it is said again. [epoch]
      if (this.membership.epoch === undefined || this.membership.epoch === purged.epoch) return
    }
    throw new Error('The store keeps losing its memory')
  }

  /** Empties the near tier. */
  forget(): void {
    this.#beginAnew(this.membership.position)
  }

  async close(): Promise<void> {
    this.membership.close()
    this.#shelf?.clear()
    await this.far.close()
  }

  /**
   * Works on a key in the far tier. What it finds there is taken into the near tier, unless it may be older than what is known here: a purge
   * of that very key was heard meanwhile, or the store has lost its memory [l1stamps].
   */
  async #fetching<T>(key: string, work: (admit: (entry: Entry, epoch: string) => void) => Promise<T>): Promise<T> {
    const fetch = this.#fetches.get(key) ?? { touched: false, users: 0 }
    this.#fetches.set(key, fetch)
    fetch.users++
    try {
      return await work((entry, epoch) => {
        if (!fetch.touched && epoch === this.membership.epoch) this.#keep(entry)
      })
    } finally {
      fetch.users--
      if (fetch.users === 0 && this.#fetches.get(key) === fetch) this.#fetches.delete(key)
    }
  }

  /** At hand, if there is room for it. */
  #keep(entry: Entry): void {
    if (this.#shelf?.put(entry) !== true) this.#found.add(entry.key)
  }

  #beginAnew(position: number): void {
    this.#hearing.beginAnew(position)
    this.#shelf?.clear()
    for (const key of this.#fetches.keys()) this.#touch(key)
    // Work in flight may be older than purges that were never heard of: nobody joins it any more. [fencedjoin]
    this.#heard({ kind: 'prefix', name: '', soft: false, at: 0 })
  }

  #lead(key: string, lease: string, contested: boolean): void {
    if (contested) this.#contested.set(key, lease)
    else this.#contested.delete(key)
  }

  #ended(key: string, lease: string): void {
    if (this.#contested.get(key) === lease) this.#contested.delete(key)
  }

  #touch(key: string): void {
    const fetch = this.#fetches.get(key)
    if (fetch !== undefined) fetch.touched = true
    this.#fetches.delete(key)
    this.#found.delete(key)
  }
}
