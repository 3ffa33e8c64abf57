import { expect } from 'chai'
import { Cron } from 'croner'
import * as fc from 'fast-check'
import { onCron } from '../../lib/freshness/cron.js'
import { cronLine } from '../../lib/freshness/cron-line.js'
import { Zone } from '../../lib/freshness/zone.js'
import { runs } from '../property.js'

const minute = fc.constantFrom('*', '0', '15', '30', '59', '*/15', '*/7', '0,30', '10-20/5')
const hour = fc.constantFrom('*', '0', '1', '2', '3', '23', '*/2', '*/6', '1-3', '0,12')
const day = fc.constantFrom('*', '1', '13', '29', '31', 'L', '1,15', '10-20', '*/10', '31,L')
const month = fc.constantFrom('*', '2', '3', '4,10', 'jan-mar', '*/5')
const weekday = fc.constantFrom('*', '0', '7', '5', 'mon-fri', '1,3', '1#2', '5L', '6#5')
const zone = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Cairo',
  'America/Santiago',
  'UTC',
)
const from = fc.integer({ min: Date.UTC(2024), max: Date.UTC(2029) })

describe('A cron expression agrees with croner', () => {
  it('on its next five instants, wherever clocks are not set', () => {
    fc.assert(
      fc.property(minute, hour, day, month, weekday, from, (...parts) => {
        const since = parts[5]
        expect(own(parts.slice(0, 5).join(' '), 'UTC', since)).to.deep.equal(theirs(parts.slice(0, 5).join(' '), 'UTC', since))
      }),
      runs(150),
    )
  })

  // It takes several times of a day for none that is fixed; Debian's cron does not, nor do we.
  it('through the days in which clocks are set, of lines with one time of day or with a field that goes on', () => {
    const near = fc.tuple(
      zone,
      fc.integer({ min: 2024, max: 2028 }),
      fc.constantFrom(2, 3, 8, 9, 10),
      fc.integer({ min: 0, max: 30 * 24 * 60 }),
    )
    fc.assert(
      fc.property(minute, hour, near, (minutes, hours, [timezone, year, months, minutesIn]) => {
        const since = Date.UTC(year, months, 1) + minutesIn * 60_000
        fc.pre(minutes.startsWith('*') || hours.startsWith('*') || /^\d+ \d+$/.test(`${minutes} ${hours}`))
        const line = `${minutes} ${hours} * * *`
        expect(own(line, timezone, since), `${line} ${timezone} ${since}`).to.deep.equal(theirs(line, timezone, since))
      }),
      runs(400),
    )
  })
})

function own(cron: string, timezone: string, since: number): readonly number[] {
  const schedule = onCron(cronLine(cron), new Zone(timezone))
  const instants: number[] = []
  for (let at = schedule(since); at !== Infinity && instants.length < 5; at = schedule(at)) instants.push(at)
  return instants
}

function theirs(cron: string, timezone: string, since: number): readonly number[] {
  return new Cron(cron, { timezone, paused: true }).nextRuns(5, new Date(since)).map(date => date.getTime())
}
