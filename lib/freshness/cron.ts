import type { CronLine } from './cron-line.js'
import type { Schedule } from './schedule.js'
import type { Zone } from './zone.js'

const HOUR_MS = 3_600_000
/** Beyond this no setting of the clocks brings a wall time back that has been shown by now. */
const AHEAD_MS = 36 * HOUR_MS
/** No clock is further ahead of UTC. */
const MOST_AHEAD_MS = 16 * HOUR_MS

/**
 * Until the line's next instant in the zone, or for ever if it never comes. A line of fixed times comes at the end of a gap in which one of
 * them lies, and only the first time where clocks show it twice; any other follows the clocks as they go (Debian's cron(8)).
 */
export function onCron(line: CronLine, zone: Zone): Schedule {
  return from => (line.fixed ? nextFixed(line, zone, from) : nextShown(line, zone, from))
}

function nextFixed(line: CronLine, zone: Zone, from: number): number {
  for (let wall = zone.wallAt(from); ;) {
    const next = line.next(wall)
    if (next === undefined) return Infinity
    const at = zone.instantOf(next, 'end')
    if (at > from) return at
    // Clocks show it the second time, and so all that they had shown when they were set, but not what they would have shown then.
    const change = zone.changeWithin(at, from) ?? at
    wall = Math.max(next, change + (next - at) - 1)
  }
}

function nextShown(line: CronLine, zone: Zone, from: number): number {
  // What is looked for comes after `after`, where clocks stand as they do at `since`.
  for (let [after, since] = [from, from]; ;) {
    const offset = zone.offset(since)
    const wall = line.next(after + offset)
    if (wall === undefined) return Infinity
    const change = zone.changeWithin(since, since + AHEAD_MS)
    if (wall - offset < (change ?? since + AHEAD_MS)) return wall - offset
    // On from where clocks are set, that instant included; or from shortly before the wall time can be shown at all.
    since = change ?? wall - MOST_AHEAD_MS
    after = change === undefined ? since : change - 1
  }
}
