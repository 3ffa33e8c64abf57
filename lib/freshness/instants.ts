import { ConfigError, shown } from '../errors.js'
import { checkedOptions } from '../options.js'
import { onCron } from './cron.js'
import { cronLine } from './cron-line.js'
import { earliest, remembered, type Schedule } from './schedule.js'
import { atTimes } from './time-of-day.js'
import { Zone } from './zone.js'

/** Instants that a calendar and a clock on the wall name. */
export interface InstantOptions {
  /** Times of day: `'13:00'`, or several. */
  readonly invalidateAt?: string | readonly string[]
  /** A cron expression: `'0 3 * * *'`, six fields with seconds, or `@daily` and its kin. */
  readonly cron?: string
  /**
   * The IANA zone in which they are meant.
   * @default 'UTC'
   */
  readonly timezone?: string
}

export const INSTANT_OPTIONS = ['invalidateAt', 'cron', 'timezone'] as const

/**
 * The schedule of the next instant that any of the options names. Nothing if none is given.
 * @throws {ConfigError} for an option that cannot be, with the reason; for a cron expression that never comes
 */
export function instantsOf(options: Readonly<Record<string, unknown>>): Schedule | undefined {
  const named = namedBy(options)
  if (named?.never === true) throw new ConfigError(`Expected \`cron\` to name an instant that comes, got ${shown(options['cron'])}`)
  if (named === undefined && options['timezone'] !== undefined) {
    throw new ConfigError('`timezone` says where `invalidateAt` or `cron` is meant, and there is neither')
  }
  return named?.schedule
}

/**
 * The instant that a schedule names next, strictly after `from`; `undefined` if none ever comes, as on a 30th of February.
 * @throws {ConfigError} for an option that cannot be, or if there is neither `cron` nor `invalidateAt`
 * @example nextInstant({ cron: '0 3 * * *', timezone: 'Europe/Berlin' }, new Date())
 */
export function nextInstant(options: InstantOptions, from: Date | number): Date | undefined {
  const named = namedBy(checkedOptions(options, 'nextInstant()', INSTANT_OPTIONS))
  if (named === undefined) throw new ConfigError('Expected `cron` or `invalidateAt` for nextInstant()')
  const since = from instanceof Date ? from.getTime() : from
  if (typeof since !== 'number' || !Number.isFinite(since)) {
    throw new ConfigError(`Expected \`from\` to be a Date or epoch milliseconds, got ${shown(from)}`)
  }
  const next = named.schedule(since)
  return next === Infinity ? undefined : new Date(next)
}

interface Named {
  readonly schedule: Schedule
  /** Is there a cron expression that never comes? */
  readonly never: boolean
}

function namedBy({ invalidateAt, cron, timezone = 'UTC' }: Readonly<Record<string, unknown>>): Named | undefined {
  if (invalidateAt === undefined && cron === undefined) return undefined
  const zone = new Zone(timezone)
  const schedules = invalidateAt === undefined ? [] : [atTimes(invalidateAt, zone)]
  const line = cron === undefined ? undefined : cronLine(cron)
  if (line !== undefined) schedules.push(onCron(line, zone))
  return { schedule: earliest(schedules.map(remembered)), never: line?.never === true }
}
