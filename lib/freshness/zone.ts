import { IANAZone } from 'luxon'
import { ConfigError, shown } from '../errors.js'

/** No clock is further from UTC than this, nor was ever set by more than a day. */
const DAY_MS = 86_400_000

/**
 * A place whose clocks are set forwards and back. A *wall time* is what they show, written as the instant at which clocks in UTC show it
 * (epoch ms), so that a calendar can be stepped through without regard to the zone.
 */
export class Zone {
  readonly name: string
  readonly #zone: IANAZone

  /** @throws {ConfigError} for anything but the name of an IANA zone: no offsets, and not the host's own zone */
  constructor(name: unknown) {
    if (typeof name !== 'string' || !/^[a-z]/i.test(name) || !IANAZone.isValidZone(name)) {
      throw new ConfigError(`Expected \`timezone\` to be an IANA time zone such as 'Europe/Berlin' or 'UTC', got ${shown(name)}`)
    }
    this.name = name
    this.#zone = IANAZone.create(name)
  }

  /** How far clocks are ahead of UTC at an instant, ms. */
  offset(at: number): number {
    return Math.round(this.#zone.offset(at) * 60_000)
  }

  wallAt(at: number): number {
    return at + this.offset(at)
  }

  /**
   * The instant at which clocks show `wall`: the first, where they show it twice. Where they never do, because they were set forwards past it,
   * either the `end` of that gap or the instant that lies as far behind it as the wall time lies behind its beginning (`moved`).
   */
  instantOf(wall: number, inGap: 'end' | 'moved'): number {
    const before = this.offset(wall - DAY_MS)
    const after = this.offset(wall + DAY_MS)
    if (before === after) return wall - before
    if (this.wallAt(wall - before) === wall) return wall - before
    if (this.wallAt(wall - after) === wall) return wall - after
    return inGap === 'moved' ? wall - before : (this.changeWithin(wall - after, wall - before) ?? wall - before)
  }

  /** When clocks are set in the time after `from` and up to `until`, which may be no longer than two days. */
  changeWithin(from: number, until: number): number | undefined {
    const offset = this.offset(from)
    if (this.offset(until) === offset) return undefined
    let [before, change] = [Math.floor(from), Math.ceil(until)]
    while (change - before > 1) {
      const middle = Math.floor((before + change) / 2)
      if (this.offset(middle) === offset) before = middle
      else change = middle
    }
    return change
  }
}
