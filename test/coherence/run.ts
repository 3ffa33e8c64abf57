import { parseArgs } from 'node:util'
import { startOwnRedis } from '../servers/redis.js'
import type { Harms } from './faults.js'
import { MANNERS, type Manner } from './manners.js'
import { trial, type Outcome } from './trial.js'

const USAGE = `npm run test:coherence -- [options]
  --minutes N     goes on for so long, one round after another; a round is never cut short      (1)
  --seed S        of the first round; each next one has the next                                (another each time)
  --processes N   instead of 2 and 4
  --reads N       in each trial, of all processes together, at least                            (100000)
  --writes N                                                                                    (5000)
  --manner M      how the cache is used: ${Object.keys(MANNERS)
    .map(name => `'${name}'`)
    .join(', ')}
A round tries every number of processes, with near tiers and without, with and without faults. In every second round some writers die between COMMIT and
purge, and the store loses nothing; every third round is over several journals, as on a Cluster. Ends with code 1 if anything was read that should not
have been.`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    processes: { type: 'string' },
    reads: { type: 'string', default: '100000' },
    writes: { type: 'string', default: '5000' },
    manner: { type: 'string', default: 'as documented' },
  },
})

interface Configuration {
  readonly processes: number
  readonly near: boolean
  readonly harms: Harms
  readonly dying: boolean
  readonly shards: number
}

function configurations(round: number): readonly Configuration[] {
  const dying = round % 2 === 1
  const shards = round % 3 === 2 ? 3 : 1
  const counts = values.processes === undefined ? [2, 4] : [counted('processes', values.processes)]
  return counts.flatMap(processes =>
    [true, false].flatMap(near =>
      (['none', dying ? 'passing' : 'all'] as const).map((harms): Configuration => ({ processes, near, harms, dying, shards })),
    ),
  )
}

if (values.help) console.log(USAGE)
else await run()

async function run(): Promise<void> {
  const [minutes, firstSeed] = [counted('minutes', values.minutes), counted('seed', values.seed)]
  const [reads, writes] = [counted('reads', values.reads), counted('writes', values.writes)]
  const manner = values.manner as Manner
  if (!Object.hasOwn(MANNERS, manner)) throw new Error(`Expected one of ${Object.keys(MANNERS).join(', ')} for --manner, got ${manner}`)
  const redis = await startOwnRedis()
  const totals = new Map<string, Outcome[]>()
  const until = performance.now() + minutes * 60_000
  try {
    for (let round = 0; round === 0 || performance.now() < until; round++) {
      for (const configuration of configurations(round)) {
        const seed = firstSeed + round
        const outcome = await trial({ redis, seed, reads, writes, manner, ...configuration })
        const name = described(configuration)
        console.log(`${name}, seed ${seed}: ${summary([outcome])}`)
        totals.set(name, [...(totals.get(name) ?? []), outcome])
      }
    }
  } finally {
    await redis.stop()
  }
  const all = [...totals.values()].flat()
  if (all.length > totals.size) for (const [name, outcomes] of totals) console.log(`\n${name}: ${summary(outcomes)}`)
  console.log(`\nAll together: ${summary(all)}`)
  for (const [name, times] of harmsOf(all)) console.log(`  ${name} ${times} times`)
  for (const { read, due, lateMs } of all.flatMap(({ violations }) => violations).slice(0, 20)) {
    console.log(`  row ${read.row}: version ${read.version} from the ${read.from}, when ${due} had been due for ${lateMs.toFixed(1)} ms`)
  }
  if (all.some(({ violations }) => violations.length > 0)) process.exitCode = 1
}

function counted(name: string, text: string): number {
  const count = Number(text)
  if (!Number.isFinite(count) || count < 0 || text.trim() === '') throw new Error(`Expected a number for --${name}, got ${text}`)
  return count
}

function described({ processes, near, harms, dying, shards }: Configuration): string {
  const parts = [
    `${processes} processes`,
    near ? 'near' : 'far only',
    `faults: ${harms}`,
    ...(dying ? ['writers die'] : []),
    ...(shards > 1 ? [`${shards} shards`] : []),
  ]
  return parts.join(', ')
}

function summary(outcomes: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + count(outcome), 0)
  const worst = (ms: readonly number[]) => ms.reduce((most, each) => Math.max(most, each), 0).toFixed(1)
  const [read, ms, hits] = [sum(outcome => outcome.reads), sum(outcome => outcome.ms), sum(outcome => outcome.hits)]
  const late = outcomes.flatMap(({ violations }) => violations.map(({ lateMs }) => lateMs))
  return [
    `${late.length} violations`,
    `${read} reads (${Math.round((read / ms) * 1000)}/s), ${Math.round((hits / read) * 100)} % of them without a load of their own`,
    `${sum(outcome => outcome.writes)} writes, ${sum(({ rejected }) => rejected)} invalidations said again`,
    `${sum(({ faults }) => Object.values(faults).reduce((total, times) => total + times, 0))} faults`,
    `worst staleness ${worst(late)} ms after an invalidation, ${worst(outcomes.map(({ worstStalenessMs }) => worstStalenessMs))} ms after a COMMIT`,
  ].join('; ')
}

function harmsOf(outcomes: readonly Outcome[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { faults } of outcomes) for (const [name, times] of Object.entries(faults)) counts.set(name, (counts.get(name) ?? 0) + times)
  return counts
}
