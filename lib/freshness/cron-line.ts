import { CronExpressionParser, type CronExpression } from 'cron-parser'
import { ConfigError, shown } from '../errors.js'

const ALIASES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** In the order in which they stand; a line of five begins with the second. */
const FIELDS = [
  { name: 'second', largestStep: 59 },
  { name: 'minute', largestStep: 59 },
  { name: 'hour', largestStep: 23 },
  { name: 'day of the month', largestStep: 31, also: /^L$/i },
  { name: 'month', largestStep: 12, names: true },
  { name: 'day of the week', largestStep: 7, names: true, also: /^(?:[0-7]|[a-z]{3})(?:L|#[1-5])$/i },
] as const

const NUMBERS = /^(?:\*|\d\d?(?:-\d\d?)?)(?:\/(\d\d?))?$/
const NUMBERS_OR_NAMES = /^(?:\*|(?:\d\d?|[a-z]{3})(?:-(?:\d\d?|[a-z]{3}))?)(?:\/(\d\d?))?$/i

const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\d?W/i, '`W` is not supported'],
  [/\?/, 'write `*` for `?`'],
  [/H/, '`H` is not supported'],
  [/^L-/i, '`L` cannot be counted back from'],
]

/** A line of a crontab, as a calendar without a zone. */
export interface CronLine {
  /**
   * Does it name times of day, rather than go on with every second, minute or hour? Only then does it matter that clocks skip a time, or show
   * it twice (Debian's cron(8): a field that begins with `*` follows the clock as it is).
   */
  readonly fixed: boolean
  /** Does it name only days that no month of it has, such as a 30th of February? */
  readonly never: boolean
  /** The first wall time after `wall` that it names; nothing if it never comes. */
  next(wall: number): number | undefined
}

/**
 * Five fields (minute, hour, day of the month, month, day of the week), six with seconds before them, or `@daily` and its kin. Numbers, names,
 * `*`, lists, ranges, steps; `L` for the last day of the month, `5L` for its last Friday, `1#2` for its second Monday. Where both day fields
 * are restricted, either is enough.
 * @throws {ConfigError} for anything else, with the reason
 */
export function cronLine(given: unknown): CronLine {
  const fields = fieldsOf(given)
  const expression = parsed(fields.join(' '))
  if (expression instanceof Error) {
    if (!isGood(fields)) throw refusal(given, expression.message)
    return { fixed: true, never: true, next: () => undefined }
  }
  return {
    fixed: fields.slice(0, 3).every(field => !field.startsWith('*')),
    never: false,
    next(wall) {
      expression.reset(new Date(wall))
      return expression.next().getTime()
    },
  }
}

/** The six fields, each of a shape that is known here: the parser would take much for granted, even an empty line. */
function fieldsOf(given: unknown): readonly string[] {
  if (typeof given !== 'string') throw refusal(given, 'it is no string')
  const text = given.trim()
  const fields = (text.startsWith('@') ? aliased(given, text) : text).split(/\s+/)
  if (text === '') throw refusal(given, 'it is empty')
  if (fields.length < 5 || fields.length > 6) {
    const rule = 'it takes five (minute, hour, day of the month, month, day of the week), or six with seconds before them'
    throw refusal(given, `it has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}; ${rule}`)
  }
  const all = fields.length === 5 ? ['0', ...fields] : fields
  FIELDS.forEach((field, place) => {
    const items = all[place]?.split(',') ?? []
    for (const item of items) checkItem(given, field, item)
    if (items.length > 1 && items.some(item => item.includes('#'))) throw refusal(given, '`#` cannot be one of a list')
  })
  return all
}

function aliased(given: unknown, alias: string): string {
  const line = ALIASES[alias.toLowerCase()]
  if (line !== undefined) return line
  throw refusal(given, alias === '@reboot' ? '`@reboot` names no instant' : `it can be ${Object.keys(ALIASES).join(', ')}`)
}

function checkItem(given: unknown, field: (typeof FIELDS)[number], item: string): void {
  if ('also' in field && field.also.test(item)) return
  const [shape, step] = ('names' in field ? NUMBERS_OR_NAMES : NUMBERS).exec(item) ?? []
  if (shape === undefined) {
    const [, reason = 'that is not understood'] = FOREIGN.find(([pattern]) => pattern.test(item)) ?? []
    throw refusal(given, `the ${field.name} is ${shown(item)}, and ${reason}`)
  }
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.largestStep)) {
    throw refusal(given, `the ${field.name} has steps of ${step}; they can be 1 to ${field.largestStep}`)
  }
}

/** In UTC, where no clock is ever set: the calendar is all that is asked of the parser. */
function parsed(line: string): CronExpression | Error {
  try {
    return CronExpressionParser.parse(line, { tz: 'UTC' })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Can its months be, and all the rest of it in other months? Then it is a line that never comes, such as one of a 30th of February. */
function isGood([second = '', minute = '', hour = '', day = '', month = '', weekday = '']: readonly string[]): boolean {
  const parts = [`${second} ${minute} ${hour} ${day} * ${weekday}`, `0 0 0 1 ${month} *`]
  return parts.every(part => !(parsed(part) instanceof Error))
}

function refusal(given: unknown, reason: string): ConfigError {
  return new ConfigError(`Expected \`cron\` to be a cron expression such as '0 3 * * *', got ${shown(given)}: ${reason}`)
}
