import type { Turn } from './contest.js'

/** A ratio to what the baseline needed in the same round, over all rounds. */
export interface Ratio {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** One contender's figures. */
export interface Result {
  readonly name: string
  /** CPU time for one operation, the median of the rounds. */
  readonly cpuUs: number
  /** Operations a second, the median of the rounds. */
  readonly perSecond: number
  readonly cpu: Ratio
  readonly speed: Ratio
}

export function resultOf(name: string, turns: readonly Turn[], baseline: readonly Turn[]): Result {
  return {
    name,
    cpuUs: median(turns.map(cpuUs)),
    perSecond: median(turns.map(perSecond)),
    cpu: ratio(turns, baseline, cpuUs),
    speed: ratio(turns, baseline, perSecond),
  }
}

function cpuUs({ cpuUs: used, operations }: Turn): number {
  return used / operations
}

function perSecond({ operations, elapsedUs }: Turn): number {
  return (operations / elapsedUs) * 1e6
}

function ratio(turns: readonly Turn[], baseline: readonly Turn[], figure: (turn: Turn) => number): Ratio {
  const ratios = turns.flatMap((turn, round) => {
    const other = baseline[round]
    return other === undefined ? [] : [figure(turn) / figure(other)]
  })
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2
}
