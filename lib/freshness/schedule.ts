/** Every kind of freshness is one of these: kept at `from`, an entry is fresh until the instant returned (both epoch ms). */
export type Schedule = (from: number) => number

/** Fresh for `ms` milliseconds. */
export function forTtl(ms: number): Schedule {
  return from => from + ms
}

/** Fresh until the first of them ends it. */
export function earliest(schedules: readonly Schedule[]): Schedule {
  const [only, ...others] = schedules
  if (only !== undefined && others.length === 0) return only
  return from => Math.min(...schedules.map(schedule => schedule(from)))
}

/**
 * The schedule, each time shortened by a random share of up to `share` (0 to 1), so that entries kept together do not expire together.
 * It never lengthens, so an instant that the schedule names is never crossed.
 */
export function jittered(schedule: Schedule, share: number, random: () => number): Schedule {
  if (share === 0) return schedule
  return from => {
    const staleAt = schedule(from)
    return staleAt === Infinity ? staleAt : staleAt - (staleAt - from) * share * random()
  }
}

/** A schedule of fixed instants that names the same one until it has passed, without looking for it again. */
export function remembered(schedule: Schedule): Schedule {
  let since = Infinity
  let next = -Infinity
  return from => {
    if (from < since || from >= next) {
      next = schedule(from)
      since = from
    }
    return next
  }
}
