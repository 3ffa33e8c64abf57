import { entryNames, staleAtOf, type NamedEntry } from '../../../adapters/redis/entry-names.js'
import { redisHealth, type RedisHealth } from '../../../adapters/redis/redis-health.js'
import type { Scheduled } from '../../cache/scheduled.js'
import { OWN, splitName } from '../../keys/names.js'
import type { Call, Command } from '../command.js'
import { EXIT, UsageError } from '../failures.js'
import { bytes, count, counted, instant, time } from '../figures-shown.js'
import type { RedisConnection, Session } from '../session.js'
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
const SCHEDULE = `${OWN}schedule `
/** About a thousand keys each. More are not looked at: this is asked every minute by monitors. */
const MOST_LOOKS = 100
const MOST_NAMESPACES = 5
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
    const [client, prefix] = [await session.redis(), session.config.redisPrefix ?? 'smart-cache']
    const health = await redisHealth(client, prefix)
    const ills = illsOf(health)
    const facts = [...factsOf(health), ...(await kept(client, prefix))]
    return { what, state: ills.length === 0 ? 'well' : 'ill', facts: [...ills, ...facts] }
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
      : `Kept near by ${counted(sum('members'), 'process', 'processes')}, ${counted(sum('journal'), 'record')} in the journal, ${counted(shards.length, 'shard')}`,
  ]
}

/** What lies there: entries by namespace and version, and the schedules that have begun, whatever process they run in. */
async function kept(client: RedisConnection, prefix: string): Promise<string[]> {
  const namespaces = new Map<string, number>()
  const marks = new Map<string, NamedEntry>()
  let looks = 0
  for await (const entries of entryNames(client, prefix)) {
    for (const entry of entries) {
      const { namespace, name } = splitName(entry.name)
      if (name.startsWith(SCHEDULE)) marks.set(`${name.slice(SCHEDULE.length)}${namespace === '' ? '' : ` of ${namespace}`}`, entry)
      else namespaces.set(namespace, (namespaces.get(namespace) ?? 0) + 1)
    }
    if (++looks === MOST_LOOKS) break
  }
  const due = Array.from(marks, async ([name, entry]) => sentenceOf(name, await staleAtOf(client, entry)))
  return [...entriesIn(namespaces, looks === MOST_LOOKS), ...(await Promise.all(due))]
}

function entriesIn(namespaces: ReadonlyMap<string, number>, orMore: boolean): string[] {
  const sum = [...namespaces.values()].reduce((all, some) => all + some, 0)
  if (sum === 0) return []
  const most = [...namespaces].toSorted(([a, more], [b, less]) => less - more || (a < b ? -1 : 1)).slice(0, MOST_NAMESPACES)
  const said = most.map(([name, entries]) => `${count(entries)} in ${name || '(root)'}`).join(', ')
  return [`${counted(sum, 'entry', 'entries')}${orMore ? ' or more' : ''}: ${said}`]
}

function sentenceOf(name: string, at = Infinity): string {
  if (at === Infinity) return `Schedule ${name}, never again`
  return `Schedule ${name}, ${at < Date.now() ? 'due since' : 'next at'} ${instant(at)}`
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
        `${counted(totals.requests, 'request')} of ${counted(rows.length, 'name')} in the last day, read in ${time(ms)}`,
        last === undefined ? 'No event was ever written down' : `The last event is of ${instant(last.at)}, by ${last.process}`,
      ],
    }
  } catch (error) {
    return illBecause(what, error)
  }
}

async function schedules(session: Session): Promise<Finding> {
  const cache = await session.cache()
  const due = cache.schedules().map(({ name, next }: Scheduled) => sentenceOf(name, next.getTime()))
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
