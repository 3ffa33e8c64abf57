import { setTimeout as wait } from 'node:timers/promises'
import { Redis, type RedisOptions } from 'ioredis'
import { Redis as Redis6 } from 'ioredis-6'
import { violations, type Violation } from '../coherence/history.js'
import { Leaver, type Departure } from './farewell.js'
import type { Illness } from './illness.js'
import { Pulse } from './pulse.js'
import { RunningClock } from './running-clock.js'
import { Origin, Site, type Answer, type SiteClient } from './site.js'

/** Each illness is met by clients as they are made without a thought, and by some that are not to queue. */
const CLIENTS: Readonly<Record<string, RedisOptions>> = {
  'with ioredis’ defaults': {},
  'without an offline queue': { enableOfflineQueue: false },
}

/** Clients of both kinds. */
function clientsOf(url: string, more: Readonly<Record<string, RedisOptions>> = {}): readonly (readonly [string, SiteClient])[] {
  const made = Object.entries({ ...CLIENTS, ...more }).map(([name, options]) => [`${name}, 5`, new Redis(url, options)] as const)
  return [...made, ['with ioredis’ defaults, 6', new Redis6(url)], ['without a queue, 6', new Redis6(url, { enableOfflineQueue: false })]]
}

/** What one site saw of an illness. */
export interface Seen {
  readonly client: string
  /** One visitor after the other, each for a row that was never asked for, from when the illness struck. */
  readonly answers: readonly Answer[]
  /** A row that was kept before. */
  readonly kept: Answer
  readonly purge: Awaited<ReturnType<Site['write']>>
  /** How long after the recovery a row was kept and found again. */
  readonly recoveryMs: number
}

export interface Course {
  readonly expected: 'rejects' | 'takes effect'
  readonly seen: readonly Seen[]
  /** What became of a purge by a process to which nothing stood in the way but the server itself. */
  readonly neighbour: Awaited<ReturnType<Site['write']>>
  /** How a process ended that was told to while Redis was ill. */
  readonly left: Departure
  /** For how long at most the machine kept the server from answering, while that was ill and able to, and after it. */
  readonly stalledMs: { readonly ill: number; readonly well: number }
  readonly violations: readonly Violation[]
}

const VISITORS = 30
/** Who has not recovered by then never will. */
const NEVER_MS = 30_000
/** Rows: one that every site has kept before, one for the neighbour's write, then those asked for once. */
const [KEPT, NEIGHBOURS, AGAIN, FIRST_OF_MANY] = [1, 2, 3, 100]

/** Lets a site live through an illness. */
export async function course(illness: Illness): Promise<Course> {
  const origin = new Origin()
  const patient = await illness.admit()
  if (illness.fromTheStart === true) await patient.strike()
  const clock = new RunningClock()
  const sites = clientsOf(patient.url, illness.clients).map(([client, made]) => ({ client, site: new Site(made, origin, clock) }))
  const neighbour = new Site(new Redis(patient.redis.url), origin, clock)
  const leaver = new Leaver(patient.url)
  const admin = new Redis(patient.redis.url, { lazyConnect: true })
  try {
    if (illness.fromTheStart !== true) {
      const warm = [...sites.map(({ site }) => site), neighbour].map(async site => {
        for (const row of [KEPT, NEIGHBOURS]) await site.untilHit(row)
      })
      await Promise.all(warm)
    }
    await leaver.here
    if (illness.fromTheStart !== true) await patient.strike()
    const ailing = patient.witness === undefined ? undefined : new Pulse(patient.witness, clock)
    const leaving = leaver.leave()
    const neighbourly = neighbour.write(NEIGHBOURS)
    const ill = await Promise.all(
      sites.map(async ({ client, site }, index) => {
        const answers: Answer[] = []
        for (let visitor = 0; visitor < VISITORS; visitor++) answers.push(await site.ask(FIRST_OF_MANY + index * VISITORS + visitor))
        await neighbourly
        await site.ask(NEIGHBOURS)
        const kept = await site.ask(KEPT)
        let purge = await site.write(KEPT)
        // It would have taken effect, had the server had its turn.
        while (patient.purge === 'takes effect' && /no answer|out of reach/.test(String(purge.error))) {
          await wait(10)
          purge = await site.write(KEPT)
        }
        return { client, site, answers, kept, purge }
      }),
    )
    const left = await leaving
    const ailedMs = ailing?.longestMs ?? 0
    await patient.heal()
    const recovering = new Pulse(admin, clock)
    const seen = await Promise.all(
      ill.map(async ({ site, ...rest }) => {
        const recoveryMs = await site.untilHit(AGAIN, NEVER_MS)
        for (const row of [KEPT, NEIGHBOURS]) await site.ask(row)
        return { ...rest, recoveryMs }
      }),
    )
    const stalledMs = { ill: ailedMs, well: recovering.longestMs }
    await judge(patient.redis.url, origin, clock)
    const found = violations(origin.reads, origin.writes)
    return { expected: patient.purge, seen, neighbour: await neighbourly, left, stalledMs, violations: found }
  } finally {
    clock.stop()
    leaver.kill()
    admin.disconnect()
    await Promise.all([neighbour, ...sites.map(({ site }) => site)].map(site => site.close()))
    await patient.stop()
  }
}

/** Somebody who comes later, over a connection that was never ill, looks at what has been kept. */
async function judge(url: string, origin: Origin, clock: RunningClock): Promise<void> {
  const site = new Site(new Redis(url), origin, clock)
  try {
    await site.untilHit(AGAIN, NEVER_MS)
    for (const row of [KEPT, NEIGHBOURS]) await site.ask(row)
  } finally {
    await site.close()
  }
}
