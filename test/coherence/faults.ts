import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { FaultProxy } from '../proxy/fault-proxy.js'
import type { TestServer } from '../servers/test-server.js'

/** What a fault may lay hands on. */
export interface Victims {
  readonly workers: readonly ChildProcess[]
  /** Starts one more worker, which nobody will miss. */
  readonly mortal: () => ChildProcess
  /** What the names of the trial's keys begin with. */
  readonly prefix: string
  readonly redis: TestServer
  /** Between the workers and Redis. */
  readonly proxy: FaultProxy
  readonly random: () => number
}

/** With a client that goes past the proxy. */
type Harm = (victims: Victims, admin: Redis) => Promise<unknown>

/** Each does its harm, waits, and undoes it where it has to be undone. */
const PASSING: Readonly<Record<string, Harm>> = {
  /** A process is stopped for longer than its leases, and wakes up without knowing. */
  async stoppedProcess({ workers, random }) {
    const worker = workers[Math.floor(random() * workers.length)]
    worker?.kill('SIGSTOP')
    await wait(200 + random() * 2000)
    worker?.kill('SIGCONT')
  },
  /** A process ends without a word: with a membership, with fill leases, between a COMMIT and its purge. */
  async killedProcess({ mortal, random }) {
    const worker = mortal()
    await wait(500 + random() * 1000)
    worker.kill('SIGKILL')
  },
  killedConnections: (_, admin) => admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
  /** Sockets stay open, and nothing comes through. */
  async blackHole({ proxy, random }) {
    const direction = random() < 0.5 ? 'toClient' : 'toServer'
    proxy.drop(random() < 0.5 ? direction : undefined)
    await wait(100 + random() * 1500)
    proxy.pass()
    proxy.cut()
  },
  async slowNetwork({ proxy, random }) {
    proxy.delay(random() * 60)
    await wait(500)
    proxy.pass()
  },
  async frozenServer({ redis, random }) {
    redis.pause()
    await wait(100 + random() * 1500)
    redis.resume()
  },
  /** With `noeviction`: what takes memory is refused, and all else is done. */
  async fullServer(_, admin) {
    await admin.config('SET', 'maxmemory', '1')
    await wait(700)
    await admin.config('SET', 'maxmemory', '0')
  },
  /** A replica, for a while, of a server that is not there. */
  async readOnlyServer(_, admin) {
    await admin.replicaof('127.0.0.1', 1)
    await wait(500)
    await admin.replicaof('NO', 'ONE')
  },
}

/** After these, what the store knew is lost. */
const LOSSES: Readonly<Record<string, Harm>> = {
  /** A part of the store's bookkeeping is evicted. */
  async evictedKeys({ prefix, random }, admin) {
    const keys = await admin.keys(`{${prefix}:*`)
    const lost = keys.filter(() => random() < 0.3)
    if (lost.length > 0) await admin.del(...lost)
  },
  emptiedStore: (_, admin) => admin.flushall(),
  restartedServer: ({ redis }) => redis.restart(),
  /** As it was a while ago, it goes on. */
  async olderSnapshot({ redis, random }, admin) {
    await admin.save()
    await wait(200 + random() * 1000)
    await redis.revive()
  },
}

const HARMS = { none: {}, passing: PASSING, all: { ...PASSING, ...LOSSES } } as const

/** Which harms are done: none, those that pass, or also those after which Redis has forgotten something. */
export type Harms = keyof typeof HARMS

/** What the harms are called. */
export function namesOf(harms: Harms): readonly string[] {
  return Object.keys(HARMS[harms])
}

/**
 * Does one harm after another, in an order that chance decides, until the signal.
 * @param each called when all have been done once
 * @returns how often each was done
 */
export async function faults(
  harms: Harms,
  victims: Victims,
  signal: AbortSignal,
  each: () => void,
): Promise<Readonly<Record<string, number>>> {
  const kinds = Object.entries<Harm>(HARMS[harms])
  if (kinds.length === 0) {
    each()
    return {}
  }
  const { random, redis, proxy, workers } = victims
  const admin = new Redis(redis.url)
  admin.on('error', () => undefined)
  const done: Record<string, number> = {}
  try {
    await wait(700)
    for (let round = 0; !signal.aborted; round++) {
      for (const [name, harm] of shuffled(kinds, random)) {
        if (signal.aborted) break
        await harm(victims, admin)
        done[name] = (done[name] ?? 0) + 1
        await wait(200 + random() * 400)
      }
      if (round === 0) each()
    }
    return done
  } finally {
    proxy.pass()
    for (const worker of workers) worker.kill('SIGCONT')
    admin.disconnect()
  }
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map(item => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
