import { ConfigError, shown } from '../errors.js'
import type { Clock } from '../time/clock.js'
import { milliseconds, type Duration } from '../time/duration.js'

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /**
   * Puts the hands on an instant, before or after: what an administrator does to a clock on the wall. `monotonic()` does not notice.
   * @throws {ConfigError} unless it is an ISO date, or epoch milliseconds
   */
  set(instant: string | number): void
  /**
   * Lets time pass, on the wall and for `monotonic()`.
   * @throws {ConfigError} unless it is a duration that ends
   */
  advance(span: Duration): void
}

/**
 * A clock that stands still at `start`: an ISO date such as `'2026-03-29T00:59:00Z'` or `'2026-03-29'` (midnight in UTC), or epoch
 * milliseconds. An ISO date with a time names its zone, so that a test means the same everywhere.
 * @throws {ConfigError} for anything else
 * @example
 * const clock = fakeClock('2026-03-29T00:59:00Z')
 * const cache = createCache({ clock })
 * await cache.set('greeting', 'hello', { ttl: '5m' })
 * clock.advance('5m')
 * await cache.get('greeting') // undefined
 */
export function fakeClock(start: string | number = '2026-01-01T00:00:00Z'): FakeClock {
  return new StandingClock(epochMs(start, 'start'))
}

class StandingClock implements FakeClock {
  #now: number
  #monotonic = 0
  readonly #alarms = new Set<{ readonly at: number; readonly ring: () => void }>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  alarm(at: number, ring: () => void): () => void {
    const one = { at, ring }
    this.#alarms.add(one)
    if (at <= this.#now) queueMicrotask(() => this.#ring())
    return () => void this.#alarms.delete(one)
  }

  set(instant: string | number): void {
    this.#now = epochMs(instant, 'instant')
    this.#ring()
  }

  advance(span: Duration): void {
    const ms = milliseconds(span, 'span')
    if (ms === Infinity) throw new ConfigError(`Expected \`span\` to be a duration that ends, got ${shown(span)}`)
    this.#now += ms
    this.#monotonic += ms
    this.#ring()
  }

  #ring(): void {
    const due = [...this.#alarms].filter(({ at }) => at <= this.#now).toSorted((a, b) => a.at - b.at)
    for (const one of due) if (this.#alarms.delete(one)) one.ring()
  }
}

const ISO = /^(?<date>\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

function epochMs(instant: unknown, name: string): number {
  const ms = typeof instant === 'string' ? parsed(instant) : instant
  if (typeof ms === 'number' && Number.isFinite(ms)) return ms
  throw new ConfigError(`Expected \`${name}\` to be an ISO date ('2026-03-29T00:59:00Z') or epoch milliseconds, got ${shown(instant)}`)
}

function parsed(text: string): number {
  const date = ISO.exec(text)?.groups?.['date']
  // Date.parse reads a 30th of February as the 2nd of March.
  if (date === undefined || Number.isNaN(Date.parse(date)) || !new Date(date).toISOString().startsWith(date)) return NaN
  return Date.parse(text)
}
