import type { Entry } from '../entries/entry.js'
import type { Keepable } from '../entries/keepable.js'
import { judge } from '../entries/judge.js'
import { Flights, type Landing } from '../flight/flight.js'
import type { Purge } from '../journal/purge.js'
import { Scopes, type Scope } from '../scope/scope.js'
import { Signals } from '../signals/signals.js'
import type { Intent, PurgeOptions, Store } from '../stores/store.js'
import { systemClock, type Clock } from '../time/clock.js'
import { alarm } from '../time/alarm.js'
import { WatchedClock } from '../time/watched-clock.js'
import { Announcer } from './announcer.js'
import type { CacheEvents } from './events.js'
import { HitTally } from './hit-tally.js'
import { newEntry } from './new-entry.js'
import type { Policy } from './policy.js'
import { Shortcut } from './shortcut.js'
import { StoreDoor } from './store-door.js'
import type { Lead } from './visit.js'

/** So often it is told how many hits there were, ms. */
const TELL_MS = 1_000

/** One lookup, one load, one fill: what every face does, done once. Keys and tags are full names. */
export class Engine {
  readonly store: Store
  readonly clock: WatchedClock
  readonly signals: Signals<CacheEvents>
  readonly scopes: Scopes
  /** For those who keep answers ready made. */
  readonly shortcut: Shortcut
  readonly announce: Announcer
  readonly tally: HitTally
  readonly door: StoreDoor
  readonly flights = new Flights<Entry>()
  readonly #unwatch: () => void
  #closed = false

  constructor(store: Store, clock: Clock) {
    this.store = store
    this.clock = new WatchedClock(clock, () => store.forget?.())
    this.shortcut = new Shortcut(this.clock, clock === systemClock)
    this.signals = new Signals((name, heard) => {
      if (name === 'hit') this.shortcut.detour(heard)
      if (name === 'hits') this.#count(heard)
    })
    this.scopes = new Scopes(open => this.shortcut.detour(open))
    this.announce = new Announcer(this.signals, this.clock)
    this.tally = new HitTally(
      () => this.clock.monotonic(),
      () => alarm(this.clock, this.clock.now() + TELL_MS, () => this.tally.tellAll()),
      (entry, count, times) => this.announce.hits(entry, count, times),
    )
    this.door = new StoreDoor(store, this.clock, this.announce)
    this.#unwatch = store.watch({
      purged: purge => {
        this.shortcut.purged()
        this.flights.hear(purge)
      },
      evicted: (key, bytes, createdAt) => this.announce.evict(key, bytes, createdAt),
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The entry, if it is at hand and fresh, served. The shortest way: no promise, nothing allocated. */
  hit(key: string): Entry | undefined {
    this.tally.begin()
    const entry = this.atHand(key, this.shortcut.time())
    if (entry === undefined) return undefined
    this.serve(entry)
    return entry
  }

  /** The entry, if it is at hand and fresh, not yet served. */
  atHand(key: string, now = this.clock.now()): Entry | undefined {
    const entry = this.store.peek(key)
    return entry !== undefined && judge(entry, now) === 'fresh' ? entry : undefined
  }

  /** Says that a fresh entry is served, for which was looked in this turn, or from `begunAt` on: hands its tags and lifetime to the work in progress, and announces the hit. */
  serve(entry: Entry, begunAt?: number): void {
    entry.hits++
    if (this.tally.listening) this.tally.note(entry, begunAt)
    // Mostly nobody else is to hear of it, and one look says so.
    if (!this.shortcut.detoured) return
    this.scopes.current?.include(entry)
    this.announce.hit(entry)
  }

  /** Says that waiting for the load under way took too long: whoever asks from now on does not wait for it, but loads anew. */
  giveUpOn(key: string): void {
    this.flights.shut(key)
  }

  /** Reads without the intention to load: a fresh entry or nothing. */
  async find(key: string): Promise<Entry | undefined> {
    const begunAt = this.clock.monotonic()
    const { entry } = await this.door.read(key, false)
    if (entry === undefined || judge(entry, this.clock.now()) !== 'fresh') {
      this.announce.miss(key, entry, undefined, false)
      return undefined
    }
    this.serve(entry, begunAt)
    return entry
  }

  /** Ends a lead with what was loaded: kept if it may be, and an answer for the followers either way. */
  async keep(lead: Lead, content: Keepable, policy: Policy): Promise<Entry> {
    const { flight, scope } = lead
    for (const tag of policy.tags) scope.tags.add(tag)
    const entry = newEntry(flight.key, content, policy, this.clock, lead)
    this.inherit(scope, entry)
    if (scope.never) {
      await this.unshare(lead, 'never')
      return entry
    }
    this.scopes.close(scope)
    lead.keeping = true
    const refusal = await this.door.fill(entry, lead.lease, lead.supersedes)
    this.flights.land(flight, { state: 'loaded', cargo: entry })
    if (refusal === undefined) this.announce.fill(entry, lead.because)
    else {
      this.announce.refuse(lead, refusal)
      await this.#endSuperseded(lead)
    }
    return entry
  }

  /** Ends a lead whose load failed. With a spare the followers get that, without it the error. */
  async fail(lead: Lead, error: unknown, spare: Entry | undefined): Promise<void> {
    this.inherit(lead.scope)
    this.scopes.close(lead.scope)
    this.flights.land(lead.flight, spare === undefined ? { state: 'failed', error } : { state: 'loaded', cargo: spare })
    this.announce.fail(lead, error, spare !== undefined)
    await this.door.release(lead.flight.key, lead.lease)
  }

  /** Ends a lead whose answer is the leader's alone, now or at any time before: those who wait load for themselves. */
  async unshare(lead: Lead, reason: string): Promise<void> {
    await this.#endUnkept(lead, reason, { state: 'unshared', reason })
  }

  /** Ends a lead without an answer: one of those who wait takes over. */
  async abandon(lead: Lead, reason: string): Promise<void> {
    await this.#endUnkept(lead, reason, { state: 'abandoned' })
  }

  /**
   * What is being loaded turns out to belong under another key.
   * @returns the lead under that key, or `undefined` if it may not be kept there: somebody else has the right to, or there is no telling
   * whether it was purged meanwhile, for the key has another journal
   */
  async move(lead: Lead, key: string): Promise<Lead | undefined> {
    const { lease, journal } = await this.door.read(key, true)
    if (lease === undefined) return undefined
    // Positions of different journals cannot be compared. [journal]
    if (lead.flight.landed || journal !== lead.journal) {
      await this.door.release(key, lease)
      return undefined
    }
    const flight = this.flights.move(lead.flight, key)
    await this.door.release(lead.flight.key, lead.lease)
    return { ...lead, flight, lease }
  }

  /** Keeps a value that nobody loaded. */
  async put(key: string, content: Keepable, policy: Policy): Promise<void> {
    const entry = newEntry(key, content, policy, this.clock)
    await this.door.put(entry)
    this.announcePut(entry)
  }

  /** Says what became of an entry that was put. */
  announcePut(entry: Entry): void {
    const refusal = this.door.refusal(entry)
    if (refusal === undefined) this.announce.fill(entry, 'set')
    else this.announce.refusePut(entry, refusal)
  }

  /**
   * @param why said in the announcement
   * @returns nothing where the store does it at once
   * @throws {StoreError}
   */
  purge(purges: readonly Purge[], options: PurgeOptions = { wait: true }, why?: string): void | Promise<void> {
    if (!this.signals.heard('purge')) return this.door.purge(purges, options)
    const begunAt = this.clock.monotonic()
    const announce = () => {
      const ms = this.clock.monotonic() - begunAt
      for (const purge of purges) this.announce.purge(purge, ms, why)
    }
    const purging = this.door.purge(purges, options)
    return purging === undefined ? announce() : purging.then(announce)
  }

  /** Ends what is kept under a key. @throws {StoreError} */
  async end(key: string, why?: string): Promise<void> {
    await this.purge([{ kind: 'key', name: key, soft: false, at: this.clock.now() }], { wait: true }, why)
  }

  /**
   * Announces a write before its COMMIT; `purge` with the intent ends it afterwards. `undefined` where none is needed.
   * @throws {StoreError} if it could not be declared: then do not commit
   */
  intend(purges: readonly Purge[]): Promise<Intent | undefined> {
    return this.door.intend(purges)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.tally.tellAll()
    this.shortcut.detour(true)
    this.#unwatch()
    await this.store.close()
  }

  /** Hands what a finished scope depends on to the work that encloses it. */
  inherit(scope: Scope, part: { readonly staleAt: number } = scope): void {
    this.scopes.current?.take(scope, part.staleAt)
  }

  /** The same for a result that is kept by nobody: what encloses it lives no longer than it would have. */
  inheritUnkept(scope: Scope, policy: Policy): void {
    this.inherit(scope, { staleAt: Math.min(policy.schedule(this.clock.now()), scope.staleAt) })
  }

  /** Says that a load failed and the entry was served in its stead. */
  servedInstead(entry: Entry, error: unknown): void {
    this.announce.error('load', entry.key, error)
    this.announce.stale(entry, 'error')
    this.scopes.current?.include(entry)
  }

  async #endUnkept(lead: Lead, reason: string, landing: Landing<Entry>): Promise<void> {
    const { flight, lease, scope } = lead
    this.scopes.close(scope)
    if (flight.landed || lead.keeping === true) return
    this.flights.land(flight, landing)
    this.announce.refuse(lead, reason)
    await this.door.release(flight.key, lease)
    await this.#endSuperseded(lead)
  }

  /** What was to be replaced does not outlive a replacement that is not kept. */
  async #endSuperseded({ supersedes, flight: { key } }: Lead): Promise<void> {
    if (supersedes) await this.end(key)
  }

  /** What has been handed out ready made so far does not count, and asks again from now on. */
  #count(heard: boolean): void {
    this.tally.listen(heard)
    if (heard) this.shortcut.purged()
  }
}
