import { expect } from 'chai'
import * as fc from 'fast-check'
import { nextInstant } from 'smart-cache'
import { runs } from '../property.js'
import { settingsIn, walked, walkedTimes } from './walker.js'

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]

/** Clocks that are set by an hour or half of one, at night or at midnight, by rules or by decree; and some that never are. */
const ZONES = [
  ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Santiago', 'America/Havana'],
  ...['Atlantic/Azores', 'Africa/Casablanca', 'Asia/Beirut', 'America/St_Johns', 'Asia/Kathmandu', 'UTC'],
]

/** Clocks are set in these years, in some zone, by what is long decided; Samoa left out a day in 2011. */
const places = [
  ...ZONES.flatMap(zone => [2023, 2024].flatMap(year => around(zone, year))),
  ...['Pacific/Apia', 'America/St_Johns'].flatMap(zone => around(zone, 2011)),
]

const upTo = (most: number) => fc.integer({ min: 0, max: most })
const range = (least: number, most: number, steps: boolean) =>
  fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: 9 }))
    .map(([a, b, step]) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)]
      if (first === last) return String(first)
      return steps ? `${first}-${last}/${step}` : `${first}-${last}`
    })

function field(least: number, most: number, others: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const number = fc.integer({ min: least, max: most }).map(String)
  const list = fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 }).map(items => items.join())
  return fc.oneof(
    { weight: 3, arbitrary: number },
    { weight: 2, arbitrary: list },
    range(least, most, false),
    range(least, most, true),
    fc.tuple(number, fc.integer({ min: 2, max: 9 })).map(([first, step]) => `${first}/${step}`),
    others,
  )
}

const stars = fc.oneof(
  { weight: 3, arbitrary: fc.constant('*') },
  fc.integer({ min: 2, max: 9 }).map(step => `*/${step}`),
)
const seconds = field(0, 59, stars)
const minutes = field(0, 59, stars)
// In most places clocks are set in the first hours of a day.
const hours = fc.oneof(field(0, 23, stars), field(0, 3, stars))
const often = (arbitrary: fc.Arbitrary<string>) => fc.oneof({ weight: 2, arbitrary: fc.constant('*') }, arbitrary)
const days = often(field(1, 28, fc.constantFrom('L', '1,L', '31', '29,30,31', '*/3')))
const months = fc.oneof({ weight: 6, arbitrary: fc.constant('*') }, fc.constantFrom('1-12', 'jan-dec', '*/2', '3,4,9,10,11', 'mar,oct'))
const weekdays = often(
  fc.oneof(range(0, 7, false), fc.constantFrom('sun', 'mon-fri', 'sat', '7', '0', '5L', '0L', '7L', '1#2', '0#1', '6#5', '0L,3', '*/2')),
)
const when = fc.oneof(
  fc.tuple(fc.constantFrom(...places), fc.integer({ min: -50 * 60, max: 3 * 60 })),
  fc.tuple(fc.constantFrom(...places), fc.integer({ min: -60 * 24 * 60, max: 60 * 24 * 60 })),
)

describe('The next instant of a cron expression', () => {
  it('is the one that is found by looking at each minute', () => {
    let found = 0
    fc.assert(
      fc.property(
        minutes,
        hours,
        days,
        months,
        weekdays,
        when,
        upTo(59),
        (minute, hour, day, month, weekday, [{ zone, at }, ahead], second) => {
          const from = at + ahead * MINUTE_MS + second * 1000
          if (agrees([minute, hour, day, month, weekday].join(' '), zone, from, 9 * DAY_MS)) found++
        },
      ),
      runs(300),
    )
    expect(found, 'of 300 that came within nine days').to.be.above(200)
  })

  it('is the one that is found by looking at each second', () => {
    let found = 0
    fc.assert(
      fc.property(seconds, minutes, hours, fc.constantFrom(...places), fc.integer({ min: -3 * 3600, max: 3600 }), (...given) => {
        const [second, minute, hour, { zone, at }, ahead] = given
        if (agrees(`${second} ${minute} ${hour} * * *`, zone, at + ahead * 1000, 5 * HOUR_MS)) found++
      }),
      runs(100),
    )
    expect(found, 'of 100 that came within five hours').to.be.above(25)
  })
})

describe('The next of several times of day', () => {
  it('is the one that is found by looking at each minute', () => {
    const time = fc.oneof(fc.integer({ min: 0, max: 24 * 60 - 1 }), fc.integer({ min: 0, max: 4 * 60 }))
    fc.assert(
      fc.property(fc.uniqueArray(time, { minLength: 1, maxLength: 4 }), when, (times, [{ zone, at }, ahead]) => {
        const from = at + ahead * MINUTE_MS
        const until = from + 4 * DAY_MS
        const invalidateAt = times.map(minutes => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`)
        same(
          nextInstant({ invalidateAt, timezone: zone }, from),
          walkedTimes(times, zone, from, until),
          `${invalidateAt} in ${zone} after ${from}`,
        )
      }),
      runs(150),
    )
  }).timeout(30_000)
})

/** @returns whether there was one in that time */
function agrees(line: string, zone: string, from: number, span: number): boolean {
  const until = from + span
  const expected = walked(line, zone, from, until)
  const next = nextInstant({ cron: line, timezone: zone }, from)
  same(
    next === undefined || next.getTime() >= until ? undefined : next,
    expected,
    `${line} in ${zone} after ${new Date(from).toISOString()}`,
  )
  return expected !== undefined
}

function same(given: Date | undefined, expected: number | undefined, question: string): void {
  expect(given?.toISOString(), question).to.equal(expected === undefined ? undefined : new Date(expected).toISOString())
}

function around(zone: string, year: number): readonly { readonly zone: string; readonly at: number }[] {
  const settings = settingsIn(zone, year)
  return (settings.length === 0 ? [Date.UTC(year, 1, 29)] : settings).map(at => ({ zone, at }))
}
