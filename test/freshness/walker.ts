const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000]
const [MONTHS, WEEKDAYS] = ['JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC', 'SUN MON TUE WED THU FRI SAT'].map(names => names.split(' '))

/** What a clock on the wall shows, written as the instant at which one in UTC shows it. */
type Wall = number

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the clocks of a zone are ahead of UTC, ms, by what `Intl` says that they show. */
export function offsetIn(zone: string, at: number): number {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formats.set(zone, format)
  return Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
}

/** The instants at which clocks are set in a year. */
export function settingsIn(zone: string, year: number): readonly number[] {
  const settings: number[] = []
  for (let day = Date.UTC(year); day < Date.UTC(year + 1); day += 24 * HOUR_MS) {
    if (offsetIn(zone, day) === offsetIn(zone, day + 24 * HOUR_MS)) continue
    let at = day
    while (offsetIn(zone, at) === offsetIn(zone, day)) at += MINUTE_MS
    settings.push(at)
  }
  return settings
}

/**
 * The first instant after `from` that the line names, found by going from one to the next and looking whether it is one; nothing if there is
 * none before `until`. Made of the rules in docs/freshness.md alone.
 */
export function walked(line: string, zone: string, from: number, until: number): number | undefined {
  const fields = line.split(' ')
  const step = fields.length === 6 ? 1000 : MINUTE_MS
  const names = matcher(fields.length === 6 ? fields : ['0', ...fields])
  const fixed = fields.slice(0, -3).every(field => !field.startsWith('*'))
  for (const { at, first, wall, again } of showings(zone, from, until, step)) {
    if (at > from && (fixed ? !again && namesAny(names, first, wall, step) : names(wall))) return at
  }
  return undefined
}

/** The same of times of day, in minutes after midnight. */
export function walkedTimes(times: readonly number[], zone: string, from: number, until: number): number | undefined {
  let next = until
  for (const { at, first, wall, again } of showings(zone, from, until, MINUTE_MS)) {
    if (at >= next) break
    for (let shown = first; shown <= wall && !again; shown += MINUTE_MS) {
      // What clocks leave out comes as much later as they were set.
      const instant = shown === wall ? at : at + (shown - first)
      if (times.includes((shown / MINUTE_MS) % (24 * 60)) && instant > from) next = Math.min(next, instant)
    }
  }
  return next < until ? next : undefined
}

/** What clocks show at one instant. */
interface Showing {
  readonly at: number
  readonly wall: Wall
  /** The first that they have not shown before it; with `wall` itself, unless they were set forwards. */
  readonly first: Wall
  /** Whether they have shown it before. */
  readonly again: boolean
}

/** What clocks show, step by step, from long enough before `from` to know what they have shown by then. */
function* showings(zone: string, from: number, until: number, step: number): Generator<Showing> {
  let at = Math.floor(from / step) * step - (step < MINUTE_MS ? 3 : 26) * HOUR_MS
  let offset = offsetIn(zone, at)
  let [latest, known] = [at + offset, at]
  while ((at += step) < until) {
    if (at >= known) {
      // Within an hour at whose ends clocks stand alike they have not been set.
      const alike = at % HOUR_MS === 0 && offsetIn(zone, at) === offsetIn(zone, at + HOUR_MS)
      known = at + (alike ? HOUR_MS : step)
      offset = offsetIn(zone, at)
    }
    const wall: Wall = at + offset
    yield { at, wall, first: latest + step, again: wall <= latest }
    latest = Math.max(latest, wall)
  }
}

/** Is one of these times named? There are several where clocks are set forwards past them. */
function namesAny(names: (wall: Wall) => boolean, first: Wall, last: Wall, step: number): boolean {
  for (let wall = first; wall <= last; wall += step) if (names(wall)) return true
  return false
}

function matcher([second = '', minute = '', hour = '', day = '', month = '', weekday = '']: readonly string[]): (wall: Wall) => boolean {
  const [seconds, minutes, hours] = [numbers(second, 0, 59), numbers(minute, 0, 59), numbers(hour, 0, 23)]
  const months = numbers(month, 1, 12, MONTHS)
  const either = day !== '*' && weekday !== '*'
  return wall => {
    const date = new Date(wall)
    if (!seconds(date.getUTCSeconds()) || !minutes(date.getUTCMinutes())) return false
    if (!hours(date.getUTCHours()) || !months(date.getUTCMonth() + 1)) return false
    const [byDay, byWeekday] = [day.split(',').some(item => isDay(item, date)), weekday.split(',').some(item => isWeekday(item, date))]
    return either ? byDay || byWeekday : byDay && byWeekday
  }
}

function isDay(item: string, date: Date): boolean {
  return item === 'L' ? isAmongLast(date, 1) : numbers(item, 1, 31)(date.getUTCDate())
}

function isWeekday(item: string, date: Date): boolean {
  const [, weekday, last, nth] = /^(\d)(?:(L)|#(\d))$/.exec(item) ?? []
  if (weekday === undefined) return [date.getUTCDay(), date.getUTCDay() + 7].some(numbers(item, 0, 7, WEEKDAYS))
  if (date.getUTCDay() !== Number(weekday) % 7) return false
  return last === undefined ? Math.ceil(date.getUTCDate() / 7) === Number(nth) : isAmongLast(date, 7)
}

function isAmongLast(date: Date, days: number): boolean {
  return new Date(date.getTime() + days * 24 * HOUR_MS).getUTCMonth() !== date.getUTCMonth()
}

/** Numbers, names, `*`, ranges and steps. */
function numbers(field: string, least: number, most: number, names: readonly string[] = []): (value: number) => boolean {
  const numberOf = (text: string) => (names.includes(text.toUpperCase()) ? names.indexOf(text.toUpperCase()) + least : Number(text))
  const items = field.split(',').map(item => {
    const [range = '', step] = item.split('/')
    const [first = '', last = step === undefined ? first : String(most)] = range.split('-')
    return range === '*'
      ? { first: least, last: most, step: Number(step ?? 1) }
      : { first: numberOf(first), last: numberOf(last), step: Number(step ?? 1) }
  })
  return value => items.some(({ first, last, step }) => value >= first && value <= last && (value - first) % step === 0)
}
