import { expect } from 'chai'
import type { InstantOptions } from 'smart-cache'
import { instantsOf } from '../../lib/freshness/instants.js'
import { Zone } from '../../lib/freshness/zone.js'

const HOUR_MS = 3_600_000
const YEAR = { from: Date.UTC(2026, 0, 1), until: Date.UTC(2027, 0, 1) }

/** In gaps and overlaps of one zone or another. */
const FIXED: readonly InstantOptions[] = [{ invalidateAt: '00:00' }, { invalidateAt: '02:30' }, { cron: '30 2 * * *' }]

describe('A fixed time of day in 2026 comes exactly 365 times', () => {
  const groups = zonesAlike()

  for (const options of FIXED) {
    it(`as ${JSON.stringify(options)} in every zone that there is`, () => {
      for (const zones of groups.values()) expect(timesInYear(options, zones[0] ?? ''), zones.join(' ')).to.equal(365)
    })
  }
})

/** The zones of this Node by when and by how much their clocks are set in the year. */
function zonesAlike(): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const name of Intl.supportedValuesOf('timeZone')) {
    const zone = new Zone(name)
    const way: number[] = []
    for (let at = YEAR.from - 24 * HOUR_MS; at <= YEAR.until + 24 * HOUR_MS; at += 24 * HOUR_MS) {
      const change = zone.changeWithin(at - 24 * HOUR_MS, at)
      if (change !== undefined) way.push(change, zone.offset(change) - zone.offset(change - 1))
    }
    groups.set(way.join(), [...(groups.get(way.join()) ?? []), name])
  }
  return groups
}

function timesInYear(options: InstantOptions, timezone: string): number {
  const zone = new Zone(timezone)
  const schedule = instantsOf({ ...options, timezone })
  if (schedule === undefined) return 0
  const end = zone.instantOf(YEAR.until, 'end')
  let times = 0
  for (let at = schedule(zone.instantOf(YEAR.from, 'end') - 1); at < end; at = schedule(at)) times++
  return times
}
