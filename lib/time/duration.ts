import { ConfigError, shown } from '../errors.js'

/** A span of time: a number of **milliseconds**, or `'30s'`, `'15m'`, `'1h'`, `'7d'`, or `'forever'`. */
export type Duration = number | `${number}s` | `${number}m` | `${number}h` | `${number}d` | 'forever'

const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * The milliseconds of a duration; `'forever'` is `Infinity`.
 * @throws {ConfigError} naming `option`, for anything that is not a duration: negative, NaN, an unknown unit.
 */
export function milliseconds(duration: unknown, option: string): number {
  if (duration === 'forever') return Infinity
  if (typeof duration === 'number' && duration >= 0 && duration < Infinity) return duration
  const [, amount, unit] = (typeof duration === 'string' && /^(\d+(?:\.\d+)?)([smhd])$/.exec(duration)) || []
  if (amount === undefined || unit === undefined) {
    throw new ConfigError(
      `Expected \`${option}\` to be a duration ('30s', '15m', '1h', '7d', 'forever', or milliseconds), got ${shown(duration)}`,
    )
  }
  return Number(amount) * MS[unit as keyof typeof MS]
}
