import { StoreError } from '../errors.js'
import type { Entry } from '../entries/entry.js'
import type { Keepable } from '../entries/keepable.js'
import { judge } from '../entries/judge.js'
import { Flights, type Flight } from '../flight/flight.js'
import type { Purge } from '../journal/purge.js'
import { Scope, Scopes } from '../scope/scope.js'
import type { Signals } from '../signals/signals.js'
import type { FillLease, Intent, PurgeOptions, Reading, Store } from '../stores/store.js'
import type { Clock } from '../time/clock.js'
import { Announcer } from './announcer.js'
import type { CacheEvents } from './events.js'
import type { Policy } from './policy.js'

/** What somebody who asked for a key is to do. */
export type Visit =
  /** Serve the entry. */
  | { readonly state: 'fresh'; readonly entry: Entry }
  /** Serve the entry; if there is a lead, refresh it behind the caller's back. */
  | { readonly state: 'stale'; readonly entry: Entry; readonly lead: Lead | undefined }
  /** Serve what another caller's load has just brought. */
  | { readonly state: 'collapsed'; readonly entry: Entry }
  /** Load, then end the lead by `keep`, `fail`, `unshare` or `abandon`. `spare` may be served should the load fail. */
  | { readonly state: 'miss'; readonly lead: Lead; readonly spare: Entry | undefined }
  /** Load, and keep nothing: nobody waits. */
  | { readonly state: 'alone'; readonly reason: string }
  /** The load that this caller waited for failed. */
  | { readonly state: 'failed'; readonly error: unknown }

/** The right and duty to load one key. It must be ended, whatever happens: others wait. */
export interface Lead {
  readonly flight: Flight<Entry>
  readonly position: number
  readonly journal: string | undefined
  readonly lease: FillLease
  /** Collects what the load depends on. */
  readonly scope: Scope
  /** When the load began, on the monotonic clock. */
  readonly begunAt: number
}

/** One lookup, one load, one fill: what every face does, done once. Keys and tags are full names. */
export class Engine {
  readonly store: Store
  readonly clock: Clock
  readonly signals: Signals<CacheEvents>
  readonly scopes = new Scopes()
  readonly announce: Announcer
  readonly #flights = new Flights<Entry>()
  readonly #unwatch: () => void
  #closed = false

  constructor(store: Store, clock: Clock, signals: Signals<CacheEvents>) {
    this.store = store
    this.clock = clock
    this.signals = signals
    this.announce = new Announcer(signals, clock)
    this.#unwatch = store.watch({
      purged: purge => this.#flights.hear(purge),
      evicted: (key, bytes) => this.announce.evict(key, bytes),
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The entry, if it is at hand and fresh, served. The shortest way: no promise, nothing allocated. */
  hit(key: string): Entry | undefined {
    const entry = this.atHand(key)
    if (entry !== undefined) this.serve(entry)
    return entry
  }

  /** The entry, if it is at hand and fresh, not yet served. */
  atHand(key: string): Entry | undefined {
    const entry = this.store.peek(key)
    return entry !== undefined && judge(entry, this.clock.now()) === 'fresh' ? entry : undefined
  }

  /** Says that a fresh entry is served: hands its tags and lifetime to the work in progress, and announces the hit. */
  serve(entry: Entry): void {
    this.scopes.current?.include(entry)
    this.announce.hit(entry)
  }

  /** Asks for a key, with the intention to load it if need be. `tags` are those known beforehand. */
  async visit(key: string, tags: readonly string[]): Promise<Visit> {
    for (;;) {
      if (this.#closed) return { state: 'alone', reason: 'closed' }
      // Who does not know of every purge cannot tell whether the work in flight is older than one (COHERENCE.md, rule 7).
      const flight = this.store.upToDate?.(key) === false ? undefined : this.#flights.find(key)
      if (flight === undefined) return this.#look(key, tags)
      const stale = this.#staleAtHand(key)
      if (stale !== undefined) return { state: 'stale', entry: stale, lead: undefined }
      const landing = await flight.join()
      if (landing.state === 'loaded') {
        this.scopes.current?.include(landing.cargo)
        return { state: 'collapsed', entry: landing.cargo }
      }
      if (landing.state === 'failed') {
        this.scopes.current?.include({ tags: [...flight.tags], staleAt: Infinity })
        return landing
      }
      if (landing.state === 'unshared') return { state: 'alone', reason: landing.reason }
    }
  }

  /** Says that waiting for the load under way took too long: whoever asks from now on does not wait for it, but loads anew. */
  giveUpOn(key: string): void {
    this.#flights.shut(key)
  }

  /** Reads without the intention to load: a fresh entry or nothing. */
  async find(key: string): Promise<Entry | undefined> {
    const { entry } = await this.#read(key, false)
    if (entry === undefined || judge(entry, this.clock.now()) !== 'fresh') {
      this.announce.miss(key, entry)
      return undefined
    }
    this.serve(entry)
    return entry
  }

  /** Ends a lead with what was loaded: kept if it may be, and an answer for the followers either way. */
  async keep(lead: Lead, content: Keepable, policy: Policy): Promise<Entry> {
    const { flight, scope } = lead
    for (const tag of policy.tags) scope.tags.add(tag)
    const entry = this.#entry(flight.key, content, policy, [...scope.tags], lead)
    this.inherit(scope, entry)
    if (scope.never) {
      await this.unshare(lead, 'never')
      return entry
    }
    const refusal = await this.#fill(entry, lead)
    this.#flights.land(flight, { state: 'loaded', cargo: entry })
    if (refusal !== undefined) this.announce.refuse(flight.key, refusal)
    else this.announce.fill(entry)
    return entry
  }

  /** Ends a lead whose load failed. With a spare the followers get that, without it the error. */
  async fail(lead: Lead, error: unknown, spare: Entry | undefined): Promise<void> {
    this.inherit(lead.scope)
    this.#flights.land(lead.flight, spare === undefined ? { state: 'failed', error } : { state: 'loaded', cargo: spare })
    await this.#release(lead)
  }

  /** Ends a lead whose answer is the leader's alone, now or at any time before: those who wait load for themselves. */
  async unshare(lead: Lead, reason: string): Promise<void> {
    if (lead.flight.landed) return
    this.#flights.land(lead.flight, { state: 'unshared', reason })
    this.announce.refuse(lead.flight.key, reason)
    await this.#release(lead)
  }

  /** Ends a lead without an answer: one of those who wait takes over. */
  async abandon(lead: Lead, reason: string): Promise<void> {
    if (lead.flight.landed) return
    this.#flights.land(lead.flight, { state: 'abandoned' })
    this.announce.refuse(lead.flight.key, reason)
    await this.#release(lead)
  }

  /**
   * What is being loaded turns out to belong under another key.
   * @returns the lead under that key, or `undefined` if it may not be kept there: somebody else has the right to, or there is no telling
   * whether it was purged meanwhile, for the key has another journal
   */
  async move(lead: Lead, key: string): Promise<Lead | undefined> {
    const { lease, journal } = await this.#read(key, true)
    if (lease === undefined) return undefined
    if (lead.flight.landed || journal !== lead.journal) {
      await this.#giveBack(key, lease)
      return undefined
    }
    const flight = this.#flights.move(lead.flight, key)
    await this.#release(lead)
    return { ...lead, flight, lease }
  }

  /** Keeps a value that nobody loaded. */
  async put(key: string, content: Keepable, policy: Policy): Promise<void> {
    const entry = this.#entry(key, content, policy, policy.tags)
    await this.#ask('put', () => this.store.put(entry))
    this.announce.fill(entry)
  }

  async purge(purges: readonly Purge[], options: PurgeOptions = { wait: true }): Promise<void> {
    await this.#ask('purge', () => this.store.purge(purges, options))
    for (const purge of purges) this.announce.purge(purge)
  }

  /**
   * Announces a write before its COMMIT; `purge` with the intent ends it afterwards. `undefined` where none is needed.
   * @throws {StoreError} if it could not be declared: then do not commit
   */
  async intend(purges: readonly Purge[]): Promise<Intent | undefined> {
    return this.#ask('intend', async () => this.store.intend?.(purges))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#unwatch()
    await this.store.close()
  }

  /** Hands what a finished scope depends on to the work that encloses it. */
  inherit(scope: Scope, part: { readonly staleAt: number } = scope): void {
    const outer = this.scopes.current
    if (outer === undefined) return
    outer.include({ tags: [...scope.tags], staleAt: part.staleAt })
    outer.never ||= scope.never
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

  /** Looks into the store under a flight of our own, so that those who come meanwhile share the look. */
  async #look(key: string, tags: readonly string[]): Promise<Visit> {
    const scope = new Scope(tags)
    const flight = this.#flights.open(key, scope.tags)
    let reading = await this.#readFor(flight)
    while (reading?.busy !== undefined && !this.#servable(reading.entry)) {
      await reading.busy
      reading = await this.#readFor(flight)
    }
    if (reading === undefined) return { state: 'alone', reason: 'store' }
    const { entry, position, journal, lease } = reading
    const verdict = entry === undefined ? 'gone' : judge(entry, this.clock.now())
    if (entry !== undefined && verdict === 'fresh') {
      this.#flights.land(flight, { state: 'loaded', cargo: entry })
      this.serve(entry)
      return { state: 'fresh', entry }
    }
    const begunAt = this.clock.monotonic()
    if (entry !== undefined && verdict === 'stale') {
      this.#flights.land(flight, { state: 'loaded', cargo: entry })
      this.#serveStale(entry)
      const refresh = lease === undefined ? undefined : { flight: this.#flights.open(key, scope.tags), position, journal, lease, scope, begunAt }
      return { state: 'stale', entry, lead: refresh }
    }
    if (lease === undefined) {
      this.#flights.land(flight, { state: 'unshared', reason: 'lease' })
      return { state: 'alone', reason: 'lease' }
    }
    this.announce.miss(key, entry)
    return { state: 'miss', lead: { flight, position, journal, lease, scope, begunAt }, spare: verdict === 'spare' ? entry : undefined }
  }

  async #readFor(flight: Flight<Entry>): Promise<Reading | undefined> {
    try {
      return await this.#read(flight.key, true)
    } catch (error) {
      this.announce.error('store', flight.key, error)
      this.#flights.land(flight, { state: 'unshared', reason: 'store' })
      return undefined
    }
  }

  #read(key: string, toFill: boolean): Promise<Reading> {
    return this.#ask('read', () => this.store.read(key, this.clock.now(), toFill))
  }

  #servable(entry: Entry | undefined): boolean {
    const verdict = entry === undefined ? 'gone' : judge(entry, this.clock.now())
    return verdict === 'fresh' || verdict === 'stale'
  }

  #staleAtHand(key: string): Entry | undefined {
    const entry = this.store.peek(key)
    if (entry === undefined || judge(entry, this.clock.now()) !== 'stale') return undefined
    this.#serveStale(entry)
    return entry
  }

  #entry(key: string, { value, bytes, shareable }: Keepable, policy: Policy, tags: readonly string[], lead?: Lead): Entry {
    const createdAt = this.clock.now()
    return {
      key,
      value,
      shareable,
      tags,
      createdAt,
      loadMs: lead === undefined ? 0 : this.clock.monotonic() - lead.begunAt,
      graceMs: policy.graceMs,
      staleIfErrorMs: policy.staleIfErrorMs,
      bytes: bytes + 2 * key.length + 8 * tags.length + ENTRY_BYTES,
      staleAt: Math.min(policy.schedule(createdAt), lead?.scope.staleAt ?? Infinity),
      position: lead?.position ?? 0,
    }
  }

  /** @returns why the entry was not kept, if it was not */
  async #fill(entry: Entry, lead: Lead): Promise<string | undefined> {
    if (judge(entry, entry.createdAt) === 'gone') {
      await this.#release(lead)
      return 'expired'
    }
    try {
      return (await this.#ask('fill', () => this.store.fill(entry, lead.lease))) ? undefined : 'purged'
    } catch (error) {
      this.announce.error('store', entry.key, error)
      return 'store'
    }
  }

  #release({ flight, lease }: Lead): Promise<void> {
    return this.#giveBack(flight.key, lease)
  }

  async #giveBack(key: string, lease: FillLease): Promise<void> {
    try {
      await this.#ask('release', () => this.store.release(key, lease))
    } catch (error) {
      this.announce.error('store', key, error)
    }
  }

  async #ask<T>(operation: string, question: () => T | Promise<T>): Promise<T> {
    try {
      return await question()
    } catch (error) {
      throw new StoreError(operation, error)
    }
  }

  #serveStale(entry: Entry): void {
    this.scopes.current?.include(entry)
    this.announce.stale(entry, 'grace')
  }
}

/** What an entry occupies besides its value, key and tags: its own fields, its place in a map and in a list. */
const ENTRY_BYTES = 200
