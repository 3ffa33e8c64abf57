import type { Contender, Contest, Running, Turn } from './contest.js'

/** What each contender came to, round by round. */
export type Rounds = ReadonlyMap<Contender, readonly Turn[]>

export interface Pace {
  readonly rounds: number
  /** How long a contender works in one round. */
  readonly roundMs: number
}

/** A round is many short turns of each, so that what disturbs the machine for a while disturbs all alike. */
const TURN_MS = 50

/** Lets the contenders of a contest take turns. */
export async function run({ heats, warmAfter, roundsOfAProcess = 4 }: Contest, { rounds, roundMs }: Pace): Promise<Rounds> {
  const results = new Map<Contender, Tally[]>()
  for (const heat of heats) for (const contender of heat.contenders) results.set(contender, [])
  for (let done = 0; done < rounds; done += roundsOfAProcess) {
    const contestants: Contestant[] = []
    try {
      for (const [contender, tallies] of rotated([...results], done)) {
        const runner = await contender.start()
        contestants.push({ runner, tallies })
        await warmUp(runner, warmAfter)
      }
      for (let round = done; round < Math.min(done + roundsOfAProcess, rounds); round++) await runRound(contestants, roundMs)
    } finally {
      for (const { runner } of contestants) runner.close()
    }
  }
  return results
}

interface Contestant {
  readonly runner: Running
  readonly tallies: Tally[]
}

type Tally = { -readonly [Figure in keyof Turn]: Turn[Figure] }

async function warmUp(runner: Running, operations: number): Promise<void> {
  for (let done = 0; done < operations;) done += (await runner.turn(TURN_MS)).operations
}

async function runRound(contestants: readonly Contestant[], ms: number): Promise<void> {
  for (const { tallies } of contestants) tallies.push({ operations: 0, cpuUs: 0, elapsedUs: 0 })
  for (let turn = 0; turn * TURN_MS < ms; turn++) {
    // Each time another one begins, so that none always follows the same one.
    for (const { runner, tallies } of rotated(contestants, turn)) add(tallies.at(-1), await runner.turn(TURN_MS))
  }
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const first = by % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}

function add(tally: Tally | undefined, { operations, cpuUs, elapsedUs }: Turn): void {
  if (tally === undefined) return
  tally.operations += operations
  tally.cpuUs += cpuUs
  tally.elapsedUs += elapsedUs
}
