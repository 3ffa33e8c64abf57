import { parseArgs } from 'node:util'
import { startOwnRedis } from '../servers/redis.js'
import type { Harms } from './faults.js'
import { trial, type Outcome } from './trial.js'

/*
 * Long runs over all configurations, one after another until the time is over:
 *   npm run test:coherence -- --minutes 30 --seed 7 --processes 4 --reads 20000 --writes 1000
 * Without `--processes`: two and four. Ends with code 1 if anything was read that should not have been.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    processes: { type: 'string' },
    reads: { type: 'string', default: '20000' },
    writes: { type: 'string', default: '1000' },
  },
})
const [minutes, firstSeed, reads, writes] = [values.minutes, values.seed, values.reads, values.writes].map(Number) as [
  number,
  number,
  number,
  number,
]

interface Configuration {
  readonly processes: number
  readonly near: boolean
  readonly harms: Harms
  readonly dying: boolean
  readonly shards: number
}

/** In the rounds with a death, no store loses anything; every third round is over several journals, as on a Cluster. */
function configurations(round: number): readonly Configuration[] {
  const dying = round % 2 === 1
  const shards = round % 3 === 2 ? 3 : 1
  const counts = values.processes === undefined ? [2, 4] : [Number(values.processes)]
  return counts.flatMap(processes =>
    [true, false].flatMap(near =>
      (['none', dying ? 'passing' : 'all'] as const).map((harms): Configuration => ({ processes, near, harms, dying, shards })),
    ),
  )
}

const redis = await startOwnRedis()
const totals = new Map<string, Outcome[]>()
const until = performance.now() + minutes * 60_000
try {
  for (let round = 0; round === 0 || performance.now() < until; round++) {
    for (const configuration of configurations(round)) {
      if (round > 0 && performance.now() > until) break
      const seed = firstSeed + round
      const outcome = await trial({ redisUrl: redis.url, seed, reads, writes, ...configuration })
      const name = described(configuration)
      console.log(`seed ${seed}, ${name}: ${summary([outcome])}`)
      totals.set(name, [...(totals.get(name) ?? []), outcome])
    }
  }
} finally {
  await redis.stop()
}

console.log('\nAll together')
for (const [name, outcomes] of totals) console.log(`${name}: ${summary(outcomes)}`)
const all = [...totals.values()].flat()
console.log(summary(all))
for (const { read, due, lateMs } of all.flatMap(({ violations }) => violations).slice(0, 20)) {
  console.log(`  row ${read.row}: version ${read.version} from the ${read.from}, when ${due} had been due for ${lateMs.toFixed(1)} ms`)
}
if (all.some(({ violations }) => violations.length > 0)) process.exitCode = 1

function described({ processes, near, harms, dying, shards }: Configuration): string {
  const parts = [
    `${processes} processes`,
    near ? 'near' : 'far',
    `harms: ${harms}`,
    ...(dying ? ['writers die'] : []),
    ...(shards > 1 ? [`${shards} shards`] : []),
  ]
  return parts.join(', ')
}

function summary(outcomes: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + count(outcome), 0)
  const [read, ms] = [sum(outcome => outcome.reads), sum(outcome => outcome.ms)]
  const late = outcomes.flatMap(({ violations }) => violations.map(({ lateMs }) => lateMs))
  const harm = sum(({ faults }) => Object.values(faults).reduce((total, times) => total + times, 0))
  return [
    `${read} reads (${Math.round((read / ms) * 1000)}/s, ${Math.round((sum(outcome => outcome.hits) / read) * 100)} % hits)`,
    `${sum(outcome => outcome.writes)} writes, ${sum(({ rejected }) => rejected)} rejected`,
    `${harm} harms`,
    `worst staleness ${late.length === 0 ? 0 : Math.max(...late).toFixed(1)} ms`,
    `${late.length} violations`,
  ].join('; ')
}
