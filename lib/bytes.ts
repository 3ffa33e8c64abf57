import { ConfigError, shown } from './errors.js'

/** A size: a number of **bytes**, or `'512kb'`, `'64mb'`, `'1gb'` (powers of 1,024). */
export type ByteSize = number | `${number}kb` | `${number}mb` | `${number}gb`

const UNITS = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

/** @throws {ConfigError} naming `option`, for anything that is not a whole, positive number of bytes. */
export function bytesOf(size: unknown, option: string): number {
  const [, amount, unit] = (typeof size === 'string' && /^(\d+(?:\.\d+)?)(kb|mb|gb)$/.exec(size)) || []
  const bytes = amount === undefined ? size : Math.floor(Number(amount) * UNITS[unit as keyof typeof UNITS])
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1) {
    throw new ConfigError(`Expected \`${option}\` to be a size ('512kb', '64mb', '1gb', or bytes), got ${shown(size)}`)
  }
  return bytes
}
