import { randomUUID } from 'node:crypto'
import { Figures } from './figures.js'
import { clean } from './redaction.js'
import type { Batch, Cell, EntryDelta, EventRow, ReasonCell } from './ledger.js'
import type { Subject } from './subject.js'

const MINUTE_MS = 60_000
/** Beyond so many names they are counted together, so that keys that somebody makes up fill no table. */
const MAX_NAMES = 1_000
const OTHERS = '(others)'
const MAX_NAME = 200
const MAX_NAMESPACE = 100

export interface TallyLimits {
  /** So many rows wait at most to be written. */
  readonly buffer: number
  /** So many events are written at most of one key in one day, by this process. */
  readonly eventsPerKey: number
  /** The same of all keys together. */
  readonly eventsPerDay: number
}

/** What has been counted and not been written yet. Bounded: what there is no room for is counted as dropped. */
export class Tally {
  readonly #limits: TallyLimits
  readonly #now: () => number
  readonly #names = new Set<string>()
  #cells = new Map<string, Cell>()
  #reasons = new Map<string, ReasonCell>()
  #entries = new Map<string, EntryDelta>()
  #events: EventRow[] = []
  /** How many events of which key were noted on which day. */
  readonly #noted = new Map<string, number>()
  #today = 0
  #eventsToday = 0
  /** How much could not be noted for want of room. */
  dropped = 0

  constructor(limits: TallyLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** How many rows wait to be written. */
  get size(): number {
    return this.#cells.size + this.#reasons.size + this.#entries.size + this.#events.length
  }

  /** Where to count what happens to this now; figures that go nowhere, if there is no room. */
  figures(subject: Subject): Figures {
    const { namespace, kind, name } = this.#named(subject)
    const at = this.#minute()
    const id = `${at}\n${namespace}\n${kind}\n${name}`
    const there = this.#cells.get(id)
    if (there !== undefined) return there.figures
    const cell = { at, namespace, kind, name, figures: new Figures() }
    if (this.#hasRoom()) this.#cells.set(id, cell)
    return cell.figures
  }

  because(subject: Subject, what: string, reason: string, count = 1): void {
    const named = this.#named(subject)
    const at = this.#minute()
    const id = [at, named.namespace, named.kind, named.name, what, reason].join('\n')
    const there = this.#reasons.get(id)
    if (there !== undefined) there.count += count
    else if (this.#hasRoom()) this.#reasons.set(id, { ...named, at, what, reason, count })
  }

  /** Where to note what became of an entry; a note that goes nowhere, if there is no room. */
  entry(subject: Subject, shown: string, base: string): EntryDelta {
    const id = `${subject.namespace}\n${shown}`
    const there = this.#entries.get(id)
    const seenAt = this.#now()
    if (there !== undefined) {
      there.seenAt = seenAt
      return there
    }
    const nothing = { hits: 0, misses: 0, fills: 0, wasted: 0, savedMs: 0, hitAt: 0, tags: '', bytes: 0, loadMs: 0, createdAt: 0 }
    const { namespace, kind, name } = this.#named(subject)
    const delta = { namespace, kind, name, shown, base, seenAt, ...nothing }
    if (this.#hasRoom()) this.#entries.set(id, delta)
    return delta
  }

  event(event: Omit<EventRow, 'at'>): void {
    const at = this.#now()
    this.#beginDay(at)
    const id = `${event.type}\n${event.namespace}\n${event.shown}`
    const noted = this.#noted.get(id) ?? 0
    if (noted >= this.#limits.eventsPerKey || this.#eventsToday >= this.#limits.eventsPerDay || !this.#hasRoom()) return
    this.#noted.set(id, noted + 1)
    this.#eventsToday++
    this.#events.push({ ...event, name: this.#named(event).name, at })
  }

  /** All that is to be written, which is no longer here. */
  take(): Batch | undefined {
    if (this.size === 0) return undefined
    const batch = {
      id: randomUUID(),
      cells: [...this.#cells.values()],
      reasons: [...this.#reasons.values()],
      entries: [...this.#entries.values()],
      events: this.#events,
    }
    this.#cells = new Map()
    this.#reasons = new Map()
    this.#entries = new Map()
    this.#events = []
    return batch
  }

  #minute(): number {
    const now = this.#now()
    return now - (now % MINUTE_MS)
  }

  #named(subject: Subject): Subject {
    const { kind } = subject
    const namespace = clean(subject.namespace.slice(0, MAX_NAMESPACE))
    const name = clean(subject.name.slice(0, MAX_NAME))
    const id = `${namespace}\n${kind}\n${name}`
    if (this.#names.size < MAX_NAMES) this.#names.add(id)
    return { namespace, kind, name: this.#names.has(id) ? name : OTHERS }
  }

  #hasRoom(): boolean {
    if (this.size < this.#limits.buffer) return true
    this.dropped++
    return false
  }

  #beginDay(now: number): void {
    const today = Math.floor(now / 86_400_000)
    if (today === this.#today) return
    this.#today = today
    this.#eventsToday = 0
    this.#noted.clear()
  }
}
