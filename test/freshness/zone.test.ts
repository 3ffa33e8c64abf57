import { expect } from 'chai'
import * as fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { Zone } from '../../lib/freshness/zone.js'
import { runs } from '../property.js'

/** With the changes that are hard: by half an hour, at midnight, of a whole day, twice a year around Ramadan, by quarters of an hour. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Nuuk',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kwajalein',
  'UTC',
]

const zone = fc.constantFrom(...ZONES)

/** Mostly in the hours around a change of the clocks, where there is one after the instant. */
const instant = fc
  .tuple(zone, fc.integer({ min: Date.UTC(1972), max: Date.UTC(2037) }), fc.integer({ min: -30 * 60, max: 30 * 60 }), fc.boolean())
  .map(([name, at, minutes, near]) => {
    const change = near ? Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).getTimeZoneTransition('next') : null
    return { name, at: (change?.epochMilliseconds ?? Math.floor(at / 60_000) * 60_000) + minutes * 60_000 }
  })

describe('A zone agrees with Temporal', () => {
  it('on what clocks show', () => {
    fc.assert(
      fc.property(instant, ({ name, at }) => {
        const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name)
        expect(new Zone(name).offset(at)).to.equal(offsetNanoseconds / 1e6)
      }),
      runs(500),
    )
  })

  it('on when clocks show a wall time: moved on by a gap, and the first of two', () => {
    fc.assert(
      fc.property(instant, ({ name, at: wall }) => {
        const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime()
        const { epochMilliseconds } = plain.toZonedDateTime(name, { disambiguation: 'compatible' })
        expect(new Zone(name).instantOf(wall, 'moved')).to.equal(epochMilliseconds)
      }),
      runs(1_000),
    )
  })

  it('on where a gap ends', () => {
    fc.assert(
      fc.property(instant, ({ name, at: wall }) => {
        const own = new Zone(name)
        const end = own.instantOf(wall, 'end')
        if (own.wallAt(end) === wall) return
        const before = Temporal.Instant.fromEpochMilliseconds(end - 1).toZonedDateTimeISO(name)
        expect(before.getTimeZoneTransition('next')?.epochMilliseconds).to.equal(end)
        expect(own.wallAt(end - 1)).to.be.below(wall)
        expect(own.wallAt(end)).to.be.above(wall)
      }),
      runs(1_000),
    )
  })
})
