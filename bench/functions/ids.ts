import { seeded } from '../../test/coherence/random.js'

/** How often each of the ids is asked for. */
export type Spread = 'uniform' | 'Zipf'

/** So many calls, and then the same again: a power of two. */
const CALLS = 65_536
const SEED = 20_261_120

/** The ids of `count` users in the order in which they are asked for, the same for everybody. After Zipf the second is asked for half as often as the first. */
export function idsAsked(count: number, spread: Spread): readonly string[] {
  const random = seeded(SEED)
  const limits = limitsOf(Array.from({ length: count }, (_, rank) => (spread === 'Zipf' ? 1 / (rank + 1) : 1)))
  const ids = limits.map((_, rank) => `user:${rank}`)
  return Array.from({ length: CALLS }, () => ids[rankOf(limits, random())] ?? '')
}

/** Up to where of the line from 0 to 1 each weight goes. */
function limitsOf(weights: readonly number[]): readonly number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  let limit = 0
  return weights.map(weight => (limit += weight / all))
}

function rankOf(limits: readonly number[], place: number): number {
  let [first, last] = [0, limits.length - 1]
  while (first < last) {
    const middle = (first + last) >> 1
    if ((limits[middle] ?? 1) > place) last = middle
    else first = middle + 1
  }
  return first
}
