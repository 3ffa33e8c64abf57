const DAY = '(?:mon|tue|wed|thu|fri|sat|sun)'
const LONG_DAY = '(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)'
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = `(?<month>${MONTHS.join('|')})`
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)'

/** The form that is sent, and the two that are still to be understood. */
const FORMS = [
  new RegExp(`^${DAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`, 'i'),
  new RegExp(`^${LONG_DAY}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`, 'i'),
  new RegExp(`^${DAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`, 'i'),
]

/**
 * The instant (epoch ms) that an HTTP-date names, or `undefined` for anything else, of which `Date.parse` accepts a lot (RFC 9110, 5.6.7).
 * @param now epoch ms: a year of two digits is at most 50 years from here
 */
export function parseHttpDate(text: unknown, now: number): number | undefined {
  if (typeof text !== 'string') return undefined
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups
    if (parts !== undefined) return instantOf(parts, now)
  }
  return undefined
}

function instantOf(parts: Record<string, string>, now: number): number | undefined {
  const [day, hour, minute, second] = ['day', 'hour', 'minute', 'second'].map(name => Number(parts[name])) as [
    number,
    number,
    number,
    number,
  ]
  const month = MONTHS.indexOf((parts['month'] ?? '').toLowerCase())
  const year = parts['year']?.length === 2 ? fullYear(Number(parts['year']), now) : Number(parts['year'])
  // A leap second is one (RFC 9110, 5.6.7).
  if (hour > 23 || minute > 59 || second > 60) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  if (date.getUTCDate() !== day) return undefined
  return date.setUTCHours(hour, minute, second)
}

/** What would be more than 50 years ahead was in the last century. */
function fullYear(year: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear()
  const ahead = thisYear - (thisYear % 100) + year
  return ahead > thisYear + 50 ? ahead - 100 : ahead
}
