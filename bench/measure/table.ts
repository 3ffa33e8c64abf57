import type { Contest, Heat } from './contest.js'
import { resultOf, type Ratio, type Result } from './ratios.js'
import type { Rounds } from './rounds.js'

const WIDTH = { name: 37, figure: 22 }

/** The results of a contest as lines of at most 80 columns: the first of each heat in full, the others as ratios to it. */
export function table({ title, unit, heats }: Contest, rounds: Rounds): string {
  return [title, ...heats.flatMap(heat => ['', headLine(heat, unit), ...resultsOf(heat, rounds).map(line)])].join('\n')
}

/** What each contender of a heat came to. */
export function resultsOf({ contenders }: Heat, rounds: Rounds): readonly Result[] {
  const baseline = rounds.get(contenders[0]) ?? []
  return contenders.map(contender => resultOf(contender.name, rounds.get(contender) ?? [], baseline))
}

function headLine({ title }: Heat, unit: string): string {
  return title.padEnd(WIDTH.name) + `CPU per ${unit}`.padEnd(WIDTH.figure) + `${unit}s/s`
}

function line({ name, cpuUs, perSecond, cpu, speed }: Result, place: number): string {
  const figures = place === 0 ? [time(cpuUs), Math.round(perSecond).toLocaleString('en')] : [spread(cpu), spread(speed)]
  const [first = '', second = ''] = figures
  return `${`  ${name}`.padEnd(WIDTH.name - 1)} ` + first.padEnd(WIDTH.figure) + second
}

function time(us: number): string {
  return us < 10 ? `${Math.round(us * 1000).toLocaleString('en')} ns` : `${us.toFixed(1)} us`
}

function spread({ median, min, max }: Ratio): string {
  return `${brief(median).padEnd(5)} ${brief(min)}..${brief(max)}`
}

function brief(ratio: number): string {
  return ratio < 0.1 ? ratio.toFixed(3) : ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(ratio < 100 ? 1 : 0)
}
