import type { Entry } from '../entries/entry.js'
import type { Purge } from '../journal/purge.js'
import { splitName } from '../keys/names.js'
import { kindOfKey, shapeOfKey } from '../keys/shape.js'
import type { Signals } from '../signals/signals.js'
import type { Clock } from '../time/clock.js'
import type { CacheEvents, EntryKind, ShadowReport } from './events.js'
import type { HitTimes } from './hit-tally.js'
import { publicTags } from './public-tags.js'
import type { Lead } from './visit.js'

/** Turns what happened to an entry into a signal, where somebody listens; where nobody does, nothing is made. */
export class Announcer {
  readonly #signals: Signals<CacheEvents>
  readonly #clock: Clock
  #nameIn: (value: unknown) => string | undefined = () => undefined

  constructor(signals: Signals<CacheEvents>, clock: Clock) {
    this.#signals = signals
    this.#clock = clock
  }

  /** Says who finds names in values, for entries that came from another process. */
  nameBy(nameIn: (value: unknown) => string | undefined): void {
    this.#nameIn = nameIn
  }

  hit(entry: Entry): void {
    if (this.#signals.heard('hit')) this.#signals.emit('hit', { ...this.#about(entry), ageMs: this.#age(entry) })
  }

  hits(entry: Entry, count: number, times: HitTimes): void {
    const { bytes, loadMs, createdAt } = entry
    this.#signals.emit('hits', { ...this.#about(entry), count, bytes, loadMs, createdAt, ...times })
  }

  stale(entry: Entry, reason: CacheEvents['stale']['reason']): void {
    if (!this.#signals.heard('stale')) return
    const { bytes, loadMs } = entry
    this.#signals.emit('stale', { ...this.#about(entry), ageMs: this.#age(entry), reason, bytes, loadMs })
  }

  /** `entry` is what was found and could not be served. */
  miss(key: string, entry: Entry | undefined, name: string | undefined, loads: boolean): void {
    if (!this.#signals.heard('miss')) return
    this.#signals.emit('miss', { ...about(key, name ?? entry?.name), reason: entry === undefined ? 'absent' : 'expired', loads })
  }

  collapsed(key: string, name: string | undefined, waitMs: number, failed: boolean): void {
    if (this.#signals.heard('collapsed')) this.#signals.emit('collapsed', { ...about(key, name), waitMs, failed })
  }

  /** @param name where there is no key, it says all */
  bypass(key: string, reason: string, name?: string, kind?: EntryKind): void {
    if (!this.#signals.heard('bypass')) return
    const known = about(key, name)
    this.#signals.emit('bypass', { ...known, kind: kind ?? known.kind, reason })
  }

  fill(entry: Entry, because: CacheEvents['fill']['because']): void {
    if (!this.#signals.heard('fill')) return
    const { bytes, loadMs, createdAt, staleAt, tags } = entry
    this.#signals.emit('fill', { ...this.#about(entry), bytes, loadMs, createdAt, staleAt, tags: publicTags(tags), because })
  }

  refuse(lead: Lead, reason: string): void {
    if (this.#signals.heard('refuse')) this.#signals.emit('refuse', { ...this.#aboutLoad(lead), reason })
  }

  refusePut(entry: Entry, reason: string): void {
    if (this.#signals.heard('refuse')) this.#signals.emit('refuse', { ...this.#about(entry), reason, loadMs: 0, because: 'set' })
  }

  fail(lead: Lead, error: unknown, covered: boolean): void {
    if (this.#signals.heard('fail')) this.#signals.emit('fail', { ...this.#aboutLoad(lead), error, covered })
  }

  purge({ kind, name, soft, within = '' }: Purge, ms: number, why: string | undefined): void {
    if (this.#signals.heard('purge'))
      this.#signals.emit('purge', { kind, soft, ms, ...splitName(within + name), ...(why === undefined ? {} : { why }) })
  }

  shadow(entry: Entry, report: ShadowReport): void {
    if (this.#signals.heard('shadow')) this.#signals.emit('shadow', { ...this.#about(entry), ageMs: this.#age(entry), ...report })
  }

  evict(key: string, bytes: number, createdAt: number): void {
    if (this.#signals.heard('evict')) this.#signals.emit('evict', { ...about(key), bytes, ageMs: this.#clock.now() - createdAt })
  }

  error(operation: CacheEvents['error']['operation'], full: string, error: unknown): void {
    if (!this.#signals.heard('error')) return
    const { namespace, name: key } = splitName(full)
    this.#signals.emit('error', { operation, namespace, key, error })
  }

  #about({ key, name, value }: Entry): About {
    return about(key, name ?? this.#nameIn(value))
  }

  #age(entry: Entry): number {
    return this.#clock.now() - entry.createdAt
  }

  #aboutLoad({ flight, begunAt, because }: Lead) {
    return { ...about(flight.key, flight.name), loadMs: this.#clock.monotonic() - begunAt, because }
  }
}

type About = Pick<CacheEvents['miss'], 'namespace' | 'key' | 'name' | 'kind'>

function about(full: string, given?: string): About {
  const { namespace, name: key } = splitName(full)
  return { namespace, key, name: given ?? shapeOfKey(key), kind: kindOfKey(key) }
}
