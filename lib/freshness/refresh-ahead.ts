interface Lifetime {
  readonly createdAt: number
  readonly staleAt: number
}

/** From when on a hit may refresh the entry: when `share` of its time is over. */
export function refreshFrom({ createdAt, staleAt }: Lifetime, share: number): number {
  return staleAt === Infinity || share === 1 ? Infinity : createdAt + (staleAt - createdAt) * share
}

/**
 * The chance (0 to 1) with which a hit refreshes an entry before it is stale: none before `share` of its time is over, and from there on rising
 * to certainty at the end. Of many processes that serve the entry one will be the first, most likely, and early enough (after Vattani, Chierichetti
 * and Lowenstein, Optimal Probabilistic Cache Stampede Prevention, 2015, whose chance follows how long loads take; here it is the share that says).
 */
export function chanceOfRefresh(entry: Lifetime, share: number, now: number): number {
  const begin = refreshFrom(entry, share)
  return now < begin ? 0 : (now - begin) / (entry.staleAt - begin)
}
