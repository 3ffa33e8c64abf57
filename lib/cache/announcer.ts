import type { Entry } from '../entries/entry.js'
import type { Purge } from '../journal/purge.js'
import { splitName } from '../keys/names.js'
import type { Signals } from '../signals/signals.js'
import type { Clock } from '../time/clock.js'
import type { CacheEvents } from './events.js'
import { publicTags } from './public-tags.js'

/** Turns what happened to an entry into a signal, where somebody listens; where nobody does, nothing is made. */
export class Announcer {
  readonly #signals: Signals<CacheEvents>
  readonly #clock: Clock

  constructor(signals: Signals<CacheEvents>, clock: Clock) {
    this.#signals = signals
    this.#clock = clock
  }

  hit(entry: Entry): void {
    if (this.#signals.heard('hit')) this.#signals.emit('hit', { ...about(entry.key), ageMs: this.#age(entry) })
  }

  stale(entry: Entry, reason: CacheEvents['stale']['reason']): void {
    if (this.#signals.heard('stale')) this.#signals.emit('stale', { ...about(entry.key), ageMs: this.#age(entry), reason })
  }

  /** `entry` is what was found and could not be served. */
  miss(key: string, entry: Entry | undefined): void {
    if (this.#signals.heard('miss')) this.#signals.emit('miss', { ...about(key), reason: entry === undefined ? 'absent' : 'expired' })
  }

  fill({ key, bytes, loadMs, staleAt, tags }: Entry): void {
    if (!this.#signals.heard('fill')) return
    this.#signals.emit('fill', { ...about(key), bytes, loadMs, staleAt, tags: publicTags(tags) })
  }

  refuse(key: string, reason: string): void {
    if (this.#signals.heard('refuse')) this.#signals.emit('refuse', { ...about(key), reason })
  }

  purge({ kind, name, soft, within = '' }: Purge): void {
    if (this.#signals.heard('purge')) this.#signals.emit('purge', { kind, soft, ...splitName(within + name) })
  }

  evict(key: string, bytes: number): void {
    if (this.#signals.heard('evict')) this.#signals.emit('evict', { ...about(key), bytes })
  }

  error(operation: CacheEvents['error']['operation'], key: string, error: unknown): void {
    if (this.#signals.heard('error')) this.#signals.emit('error', { operation, ...about(key), error })
  }

  #age(entry: Entry): number {
    return this.#clock.now() - entry.createdAt
  }
}

function about(full: string): { readonly namespace: string; readonly key: string } {
  const { namespace, name } = splitName(full)
  return { namespace, key: name }
}
