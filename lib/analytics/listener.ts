import type { CacheEvents } from '../cache/events.js'
import { bucketOf } from './histogram.js'
import type { EntryDelta } from './ledger.js'
import type { Subject } from './subject.js'
import { RecentFills } from './recent-fills.js'
import { clean, type Redactor, type ShownKey } from './redaction.js'
import type { Tally } from './tally.js'

/** What analytics need of a cache: its signals. */
export interface Source {
  on<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): () => void
  /** Tells at once how many hits there were since they were told last. */
  tellHits(): void
  now(): number
}

/** What is listened to. */
export interface Switches {
  readonly hits: boolean
  readonly misses: boolean
  readonly errors: boolean
  readonly performance: boolean
}

export const EVENT_TYPES = ['hit', 'miss', 'stale', 'fill', 'refuse', 'bypass', 'fail', 'purge', 'evict', 'error'] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** So many keys are remembered as they are shown. */
const MAX_SHOWN = 10_000
/** What concerns no entry. */
const CACHE: Omit<Subject, 'namespace'> = { kind: 'cache', name: '(cache)' }

/** Counts what a cache announces. One object for everything that happened in a second to an entry that is hit; of all else one for each. */
export class Listener {
  readonly #tally: Tally
  readonly #redactor: Redactor
  readonly #performance: boolean
  /** Whether this event of this type is one of those that are written down by themselves. */
  readonly #isSampled: (type: EventType) => boolean
  readonly #own: (name: string) => boolean
  readonly #fills = new RecentFills()
  readonly #shown = new Map<string, ShownKey>()

  /** @param own says of the name of what was purged whether it is our own */
  constructor(
    tally: Tally,
    redactor: Redactor,
    performance: boolean,
    isSampled: (type: EventType) => boolean,
    own: (name: string) => boolean,
  ) {
    this.#tally = tally
    this.#redactor = redactor
    this.#performance = performance
    this.#isSampled = isSampled
    this.#own = own
  }

  /** Counts what waits for hits to be told, which they have been. */
  settle(): void {
    this.#fills.settle()
  }

  /** Listens, until the returned function is called. */
  listen(source: Source, { hits, misses, errors }: Switches): () => void {
    const offs: (() => void)[] = []
    const on = <Name extends keyof CacheEvents>(name: Name, hear: (event: CacheEvents[Name]) => void) => {
      offs.push(
        source.on(name, event => {
          // What the library keeps for itself is nobody's.
          if (!('key' in event && event.key !== '' && 'name' in event && event.name.startsWith('~'))) hear(this.#named(event))
        }),
      )
    }
    if (hits) {
      on('hits', event => this.#hits(event, source.now()))
      on('stale', event => this.#stale(event, source.now()))
    }
    if (misses) {
      on('miss', event => (event.loads ? undefined : this.#miss(event, event.reason, 0)))
      on('collapsed', event => this.#tally.figures(event).add('collapsed'))
      on('bypass', event => this.#bypass(event))
      on('fill', event => this.#fill(event, source.now()))
      on('refuse', event => this.#refuse(event))
      on('purge', event => this.#purge(event))
      on('evict', event => this.#evict(event))
    }
    if (errors) {
      on('fail', event => this.#fail(event))
      on('error', event => this.#error(event))
    }
    return () => {
      for (const off of offs) off()
    }
  }

  /** The same, under a name that may be written down. */
  #named<Event extends object>(event: Event): Event {
    if (!('key' in event && 'name' in event)) return event
    const name = this.#redactor.name(String(event.name), String(event.key))
    return name === event.name ? event : { ...event, name }
  }

  #hits(event: CacheEvents['hits'], now: number): void {
    const { count, bytes, loadMs, timesMs, storeTimesMs } = event
    const figures = this.#tally.figures(event)
    figures.add('hits', count)
    figures.add('served_bytes', count * bytes)
    figures.add('saved_ms', count * loadMs)
    if (this.#performance) for (const ms of [...timesMs, ...storeTimesMs]) figures.time('hit', bucketOf(ms))
    this.#served(event, count, event, now)
    this.#note('hit', event, '', { count, bytes })
  }

  #stale(event: CacheEvents['stale'], now: number): void {
    const { reason, bytes, loadMs, ageMs } = event
    const figures = this.#tally.figures(event)
    figures.add('stale')
    figures.add('served_bytes', bytes)
    figures.add('saved_ms', loadMs)
    this.#tally.because(event, 'stale', reason)
    this.#served(event, 1, { loadMs, createdAt: now - ageMs }, now)
    this.#note('stale', event, reason, { bytes })
  }

  #served(event: About, count: number, { loadMs, createdAt }: Pick<CacheEvents['hits'], 'loadMs' | 'createdAt'>, now: number): void {
    const entry = this.#entry(event)
    entry.hits += count
    entry.savedMs += count * loadMs
    entry.hitAt = now
    this.#fills.serve(idOf(event), createdAt)
  }

  #miss(event: About, reason: string, ms: number): void {
    this.#tally.figures(event).add('misses')
    this.#tally.because(event, 'miss', reason)
    this.#entry(event).misses++
    this.#note('miss', event, reason, { ms })
  }

  #bypass(event: CacheEvents['bypass']): void {
    this.#tally.figures(event).add('bypassed')
    this.#tally.because(event, 'bypass', event.reason)
    this.#note('bypass', event, event.reason, {})
  }

  #fill(event: CacheEvents['fill'], now: number): void {
    const { bytes, loadMs, because, staleAt, tags } = event
    if (because === 'absent' || because === 'expired') this.#miss(event, because, loadMs)
    const figures = this.#tally.figures(event)
    figures.add('fills')
    figures.add('filled_bytes', bytes)
    figures.add('ttl_ms', Math.min(Math.max(staleAt - now, 0), YEAR_MS))
    if (because === 'refresh') figures.add('refreshes')
    if (because === 'set') figures.add('sets')
    else this.#loaded(event, loadMs)
    this.#fills.settle(now)
    const before = this.#fills.fill(idOf(event), event, because === 'absent' ? () => this.#wasted(event) : undefined)
    if (before === bytes && because !== 'set') figures.add('unchanged')
    const entry = this.#entry(event)
    entry.fills++
    Object.assign(entry, { tags: this.#redactor.tags(tags), bytes, loadMs, createdAt: now })
    this.#note('fill', event, because, { ms: loadMs, bytes })
  }

  #wasted(event: About): void {
    this.#tally.figures(event).add('wasted')
    this.#entry(event).wasted++
  }

  #refuse(event: CacheEvents['refuse']): void {
    const { because, reason, loadMs } = event
    if (because === 'absent' || because === 'expired') this.#miss(event, because, loadMs)
    this.#tally.figures(event).add('refused')
    this.#tally.because(event, 'refuse', reason)
    this.#loaded(event, loadMs)
    this.#note('refuse', event, reason, { ms: loadMs })
  }

  #fail(event: CacheEvents['fail']): void {
    const { because, covered, error, loadMs } = event
    if (!covered && (because === 'absent' || because === 'expired')) this.#miss(event, because, loadMs)
    const reason = nameOfError(error)
    this.#tally.figures(event).add('failed')
    this.#tally.because(event, 'fail', reason)
    this.#loaded(event, loadMs)
    this.#note('fail', event, reason, { ms: loadMs })
  }

  #loaded(event: About, ms: number): void {
    const figures = this.#tally.figures(event)
    figures.add('loads')
    figures.add('load_ms', ms)
    if (this.#performance) figures.time('load', bucketOf(ms))
  }

  #purge({ kind, namespace, name, soft, why = 'invalidate()' }: CacheEvents['purge']): void {
    if (this.#own(name)) return
    const subject = { ...CACHE, namespace }
    const reason = clean(why).slice(0, 100)
    this.#tally.figures(subject).add('purges')
    this.#tally.because(subject, 'purge', reason)
    if (!this.#isSampled('purge')) return
    const shown = kind === 'tag' ? this.#redactor.tag(name) : this.#redactor.key(name).shown
    const text = `${soft ? 'soft ' : ''}${kind} ${shown}`
    this.#tally.event({ ...subject, type: 'purge', shown: text, reason, count: 1, ms: 0, bytes: 0 })
  }

  #evict(event: CacheEvents['evict']): void {
    const figures = this.#tally.figures(event)
    figures.add('evictions')
    figures.add('evicted_age_ms', event.ageMs)
    this.#fills.evict(idOf(event))
    this.#note('evict', event, '', { ms: event.ageMs, bytes: event.bytes })
  }

  #error({ operation, namespace, key, error }: CacheEvents['error']): void {
    const subject = { ...CACHE, namespace }
    const reason = `${operation} ${nameOfError(error)}`
    this.#tally.figures(subject).add('errors')
    this.#tally.because(subject, 'error', reason)
    if (!this.#isSampled('error')) return
    const { shown } = this.#redactor.key(key)
    this.#tally.event({ ...subject, type: 'error', shown, reason, count: 1, ms: 0, bytes: 0 })
  }

  #note(
    type: EventType,
    event: About,
    reason: string,
    more: { readonly count?: number; readonly ms?: number; readonly bytes?: number },
  ): void {
    if (!this.#isSampled(type)) return
    const { namespace, kind, name } = event
    const shown = event.key === '' ? name : this.#shownKey(event).shown
    this.#tally.event({ namespace, kind, name, type, shown, reason, count: 1, ms: 0, bytes: 0, ...more })
  }

  #entry(event: About): EntryDelta {
    const { shown, base } = this.#shownKey(event)
    return this.#tally.entry(event, shown, base)
  }

  #shownKey(event: About): ShownKey {
    const id = idOf(event)
    const known = this.#shown.get(id)
    if (known !== undefined) return known
    const shown = this.#redactor.key(event.key)
    if (this.#shown.size >= MAX_SHOWN) this.#shown.clear()
    this.#shown.set(id, shown)
    return shown
  }
}

interface About extends Subject {
  readonly key: string
}

const YEAR_MS = 365 * 86_400_000

function idOf({ namespace, key }: About): string {
  return `${namespace}\n${key}`
}

/** The kind of an error, and never what it says: that may hold anything. */
function nameOfError(error: unknown): string {
  const { name, code } = (typeof error === 'object' && error !== null ? error : {}) as { readonly name?: unknown; readonly code?: unknown }
  const words = [name, code].filter((word): word is string => typeof word === 'string' && /^[\w.-]{1,60}$/.test(word))
  return words.length === 0 ? typeof error : words.join(' ')
}
