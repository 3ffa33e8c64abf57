import { performance } from 'node:perf_hooks'
import type { Purge } from '../journal/purge.js'
import { LeaseEnds } from './lease-ends.js'
import type { Epoch, FarPurge, FarRecord, FarShard } from './far.js'

export interface MembershipTimes {
  /** How long this process may serve from memory without having heard from the journal, ms. */
  readonly leaseMs: number
  /** How often the lease is renewed, ms. */
  readonly renewMs: number
}

/** What the journal's news are told to. */
export interface Follower {
  /** A purge, at its position; in order, none left out. */
  apply(purge: Purge, position: number): void
  /** What was heard so far counts no more: the journal is at `position`, and what was purged before is not known. */
  beginAnew(position: number): void
}

/** Clocks may run at rates that differ by this much: whoever waits for another's lease waits this share longer. */
export const CLOCK_MARGIN = 1.1
/** How long to wait before listening again, when listening failed: at first shortly, for connections take a moment. */
const [FIRST_PAUSE_MS, LISTEN_AGAIN_MS] = [5, 100]
/** How often at least a renewal is tried while none is answered. */
const RENEW_AGAIN_MS = 250

/**
 * This process's standing in one journal: while its lease holds, it has heard of every purge that any process was told is done.
 * (docs/coherence.md. The lease is counted on the monotonic clock from when its renewal was sent, so a process that was stopped
 * wakes up without one.)
 */
export class Membership {
  /** Those who wait for fill leases that other members hold. */
  readonly leases = new LeaseEnds()
  readonly #far: FarShard
  readonly #id: string
  readonly #times: MembershipTimes
  readonly #follower: Follower
  readonly #tickMs: number
  readonly #acknowledged = new Map<string, { readonly epoch: Epoch; readonly position: number }>()
  readonly #awaits = new Set<() => void>()
  #epoch: Epoch | undefined
  #position = 0
  #lastId = '0-0'
  #leasedUntil = -Infinity
  #renewAt = -Infinity
  #listening = false
  #timer: NodeJS.Timeout | undefined
  #renewing: Promise<void> | undefined
  /** How often what is known here was found to be of another life of the store. */
  #doubts = 0
  #closed = false

  constructor(far: FarShard, id: string, times: MembershipTimes, follower: Follower) {
    this.#far = far
    this.#id = id
    this.#times = times
    this.#tickMs = Math.min(times.renewMs, RENEW_AGAIN_MS)
    this.#follower = follower
  }

  /** Is every purge that anybody was told is done known here? [fence] */
  get holds(): boolean {
    return performance.now() < this.#leasedUntil
  }

  get epoch(): Epoch | undefined {
    return this.#epoch
  }

  /** How far the journal has been heard here. */
  get position(): number {
    return this.#position
  }

  /** Renews from now on, and listens. */
  start(): void {
    const renewIfDue = () => {
      if (performance.now() >= this.#renewAt) void this.renew()
    }
    this.#timer = setInterval(renewIfDue, this.#tickMs)
    this.#timer.unref()
    // Not before it is known from where on: the journal may be long.
    void this.renew().then(() => this.#listen())
  }

  /** Renews the lease; one renewal at a time. Resolves when it has been answered or has failed. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  /** The store was met in another life than is known here: nothing is served from here until it has answered a renewal sent from now on. */
  doubt(): void {
    if (this.#epoch === undefined) return
    this.#doubts++
    this.#leasedUntil = -Infinity
    this.#renewAt = -Infinity
    void this.renew()
  }

  /** Waits until every member has applied the purge, or may not serve from memory any longer. [acks] */
  async settled({ epoch, position, epochAgeMs, members }: FarPurge): Promise<void> {
    const answered = performance.now()
    const done = (member: string) => {
      const acknowledged = this.#acknowledged.get(member)
      return acknowledged !== undefined && acknowledged.epoch === epoch && acknowledged.position >= position
    }
    // A new epoch knows no members yet: those of the old one may serve until their leases have run out. [grace]
    const graceMs = this.#times.leaseMs * CLOCK_MARGIN - epochAgeMs
    if (graceMs > 0) await sleep(graceMs)
    for (;;) {
      const waited = performance.now() - answered
      const left = members.filter(({ id, leasedForMs }) => !done(id) && waited < leasedForMs * CLOCK_MARGIN)
      if (left.length === 0) return
      await this.#news(Math.min(...left.map(({ leasedForMs }) => leasedForMs * CLOCK_MARGIN - waited)))
    }
  }

  close(): void {
    this.#closed = true
    this.#leasedUntil = -Infinity
    clearInterval(this.#timer)
    this.leases.wakeAll()
  }

  async #renew(): Promise<void> {
    if (this.#closed) return
    const sent = performance.now()
    const doubts = this.#doubts
    try {
      const since = this.#epoch === undefined ? undefined : { epoch: this.#epoch, id: this.#lastId }
      const { epoch, position, records, lastId } = await this.#far.renew(this.#times.leaseMs * CLOCK_MARGIN, since)
      if (this.#closed) return
      // Before the lease, all that was purged up to it. [catchup]
      if (records !== undefined && epoch === this.#epoch) this.#apply(records)
      // More was purged than is written down any more, or in another life of the store. [epoch]
      if (epoch !== this.#epoch || this.#position < position) this.#beginAnew(epoch, position, lastId)
      if (doubts !== this.#doubts) return
      this.#leasedUntil = sent + this.#times.leaseMs
      // Half a tick early, since timers are not exact.
      this.#renewAt = sent + this.#times.renewMs - this.#tickMs / 2
    } catch {
      // Without an answer the lease runs out by itself. Those who wait for news had better see for themselves.
      this.#renewAt = -Infinity
      this.leases.wakeAll()
    }
  }

  async #listen(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !this.#closed;) {
      try {
        const heard = await this.#far.listen(this.#lastId)
        this.#listening = true
        pauseMs = FIRST_PAUSE_MS
        if (heard === undefined || this.#closed) continue
        this.#apply(heard.records)
        for (const { member, epoch, position } of heard.acknowledgements) this.#acknowledge(member, epoch, position)
        for (const key of heard.released) this.leases.wake(key)
      } catch {
        if (this.#listening) this.leases.wakeAll()
        this.#listening = false
        await sleep(pauseMs)
        pauseMs = Math.min(2 * pauseMs, LISTEN_AGAIN_MS)
      }
    }
  }

  #apply(records: readonly FarRecord[]): void {
    const origins = new Set<string>()
    for (const { id, epoch, first, purges, origin } of records) {
      if (!isAfter(id, this.#lastId)) continue
      this.#lastId = id
      if (epoch !== this.#epoch) {
        this.doubt()
        continue
      }
      const last = first + purges.length - 1
      if (first === this.#position + 1) purges.forEach((purge, at) => this.#follower.apply(purge, first + at))
      else this.#follower.beginAnew(last)
      this.#position = last
      origins.add(origin)
    }
    if (origins.size === 0 || this.#epoch === undefined) return
    this.#acknowledge(this.#id, this.#epoch, this.#position)
    origins.delete(this.#id)
    // An acknowledgement that gets lost costs the one who waits for it time, until the lease has run out.
    if (origins.size > 0) this.#far.acknowledge([...origins], this.#epoch, this.#position).catch(() => {})
  }

  #beginAnew(epoch: Epoch, position: number, lastId: string): void {
    this.#follower.beginAnew(position)
    this.#epoch = epoch
    this.#position = position
    this.#lastId = lastId
    this.#acknowledge(this.#id, epoch, position)
  }

  #acknowledge(member: string, epoch: Epoch, position: number): void {
    this.#acknowledged.delete(member)
    this.#acknowledged.set(member, { epoch, position })
    if (this.#acknowledged.size > MAX_MEMBERS) for (const oldest of this.#acknowledged.keys()) return void this.#acknowledged.delete(oldest)
    for (const wake of this.#awaits) wake()
  }

  /** Waits for the next acknowledgement, but no longer than `ms`. */
  async #news(ms: number): Promise<void> {
    let wake = () => {}
    const woken = new Promise<void>(resolve => {
      wake = resolve
    })
    this.#awaits.add(wake)
    const timer = setTimeout(wake, ms)
    await woken
    clearTimeout(timer)
    this.#awaits.delete(wake)
  }
}

/** Members come and go with their processes; only those heard of last are remembered. */
const MAX_MEMBERS = 10_000

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}

/** Ids are two counts with a dash between. */
function isAfter(id: string, other: string): boolean {
  const [[a = 0, b = 0], [c = 0, d = 0]] = [id.split('-').map(Number), other.split('-').map(Number)] as [number[], number[]]
  return a > c || (a === c && b > d)
}
