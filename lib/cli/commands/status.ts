import { redisHealth, type RedisHealth } from '../../../adapters/redis/redis-health.js'
import type { Scheduled } from '../../cache/scheduled.js'
import type { Call, Command } from '../command.js'
import { EXIT, UsageError } from '../failures.js'
import { bytes, count, instant, time } from '../figures-shown.js'
import type { Session } from '../session.js'
import { wrapped } from '../table.js'
import { shownText } from '../terminal.js'
import { FORMAT, FORMAT_CHOICES, FORMAT_HELP, isJson } from '../values.js'

/** One thing that was looked at. */
interface Finding {
  readonly what: string
  readonly state: 'well' | 'ill'
  readonly facts: readonly string[]
}

const SLOW_MS = 100
const FULL = 0.95

export const statusCommand: Command = {
  name: 'status',
  usage: '',
  summary: 'whether the store and the analytics are well, in an exit code too',
  choices: FORMAT_CHOICES,
  options: FORMAT,
  help: FORMAT_HELP,
  examples: ['smart-cache status --redis redis://127.0.0.1:6379 || page-somebody'],
  async run(call) {
    const { terminal, session } = call
    const { redis, database, knex, analytics, cache } = session.config
    const looks = [
      ...(redis === undefined ? [] : [() => store(session)]),
      ...(database === undefined && knex === undefined && analytics === undefined ? [] : [() => figures(session)]),
      ...(cache === undefined ? [] : [() => schedules(session)]),
    ]
    if (looks.length === 0)
      throw new UsageError('There is nothing to look at: say --redis <url> or --database <url>, or both in smart-cache.config.js')
    const findings = await Promise.all(looks.map(look => look()))
    if (isJson(call)) terminal.print(JSON.stringify({ ok: findings.every(({ state }) => state === 'well'), findings }, undefined, 2))
    else for (const finding of findings) show(call, finding)
    return findings.every(({ state }) => state === 'well') ? EXIT.done : EXIT.ill
  },
}

async function store(session: Session): Promise<Finding> {
  const what = 'Store (Redis)'
  try {
    const health = await redisHealth(await session.redis(), session.config.redisPrefix ?? 'smart-cache')
    const ills = illsOf(health)
    return { what, state: ills.length === 0 ? 'well' : 'ill', facts: [...ills, ...factsOf(health)] }
  } catch (error) {
    return illBecause(what, error)
  }
}

function illsOf({ latencyMs, memoryBytes, maxMemoryBytes }: RedisHealth): string[] {
  return [
    ...(latencyMs > SLOW_MS ? [`It is slow: ${time(latencyMs)} for one question`] : []),
    ...(maxMemoryBytes > 0 && memoryBytes > FULL * maxMemoryBytes ? ['Its memory is full'] : []),
  ]
}

function factsOf({ latencyMs, version, memoryBytes, maxMemoryBytes, eviction, shards }: RedisHealth): string[] {
  const most = maxMemoryBytes === 0 ? 'no limit' : `of ${bytes(maxMemoryBytes)}, ${eviction}`
  const [first] = shards
  const sum = (of: 'journal' | 'members') => Math.max(...shards.map(shard => shard[of]))
  return [
    `Redis ${version}, ${time(latencyMs)} for one question, ${bytes(memoryBytes)} of memory (${most})`,
    first?.position === undefined
      ? 'Nothing was ever kept under this prefix'
      : `${count(sum('members'))} processes serve from it, ${count(sum('journal'))} records in the journal, ${shards.length} ${shards.length === 1 ? 'shard' : 'shards'}`,
  ]
}

async function figures(session: Session): Promise<Finding> {
  const what = 'Analytics'
  try {
    const stats = await session.analytics()
    const begun = performance.now()
    const { totals, rows } = await stats.report({ days: 1, top: 0 })
    const ms = performance.now() - begun
    const [last] = await stats.events({ limit: 1 })
    return {
      what,
      state: 'well',
      facts: [
        `${count(totals.requests)} requests of ${count(rows.length)} names in the last day, read in ${time(ms)}`,
        last === undefined ? 'No event was ever written down' : `The last event is of ${instant(last.at)}, by ${last.process}`,
      ],
    }
  } catch (error) {
    return illBecause(what, error)
  }
}

async function schedules(session: Session): Promise<Finding> {
  const cache = await session.cache()
  const due = cache.schedules().map(({ name, next }: Scheduled) => `${name}, next at ${instant(next.getTime())}`)
  const version = cache.version === undefined ? [] : [`Version ${cache.version} of its namespace`]
  return { what: 'Cache', state: 'well', facts: [...version, ...(due.length === 0 ? ['No schedules'] : due)] }
}

function illBecause(what: string, error: unknown): Finding {
  if (error instanceof UsageError) throw error
  return { what, state: 'ill', facts: [error instanceof Error ? error.message : String(error)] }
}

function show({ terminal }: Call, { what, state, facts }: Finding): void {
  terminal.print(
    `${state === 'well' ? terminal.style('well', 'green') : terminal.style('ILL ', 'red', 'bold')}  ${terminal.style(what, 'bold')}`,
  )
  for (const fact of facts) terminal.print(wrapped(shownText(fact, 500), terminal.width, '      '))
}
