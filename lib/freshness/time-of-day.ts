import { ConfigError, shown } from '../errors.js'
import type { Schedule } from './schedule.js'
import type { Zone } from './zone.js'

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/
const DAY_MS = 86_400_000

/**
 * Until the next of these times of day in the zone. Where clocks are set forwards past it, it comes as much later as they were set; where
 * they show it twice, it is the first. So each comes once on every day.
 * @throws {ConfigError} unless `times` is `'13:00'` or `'13:00:30'`, or an array of those
 */
export function atTimes(times: unknown, zone: Zone): Schedule {
  const offsets = timesOfDay(times)
  return from => {
    const today = Math.floor(zone.wallAt(from) / DAY_MS) * DAY_MS
    let next = Infinity
    // One of yesterday may have been moved to today; all of today and tomorrow may be shown the second time.
    for (let day = today - DAY_MS; day <= today + 2 * DAY_MS && next === Infinity; day += DAY_MS) {
      for (const offset of offsets) {
        const at = zone.instantOf(day + offset, 'moved')
        if (at > from && at < next) next = at
      }
    }
    return next
  }
}

/** Milliseconds after midnight. */
function timesOfDay(given: unknown): readonly number[] {
  const times: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (times.length === 0) throw new ConfigError('Expected `invalidateAt` to hold at least one time of day')
  return times.map(time => {
    const [, hours, minutes, seconds = '0'] = (typeof time === 'string' && TIME.exec(time)) || []
    if (hours === undefined) {
      throw new ConfigError(`Expected \`invalidateAt\` to be a time of day such as '13:00', or an array of them, got ${shown(time)}`)
    }
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  })
}
