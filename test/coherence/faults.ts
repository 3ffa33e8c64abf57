import type { ChildProcess } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { FaultProxy } from '../proxy/fault-proxy.js'

/** What a fault may lay hands on. */
export interface Victims {
  readonly workers: readonly ChildProcess[]
  /** What the names of the trial's keys begin with. */
  readonly prefix: string
  /** For commands that go past the proxy. */
  readonly admin: Redis
  /** Between the workers and Redis. */
  readonly proxy: FaultProxy
  readonly random: () => number
}

/** Each does its harm, waits, and undoes it where it has to be undone. */
const PASSING = {
  /** A process is stopped for longer than its leases, and wakes up without knowing. */
  async stoppedProcess({ workers, random }: Victims) {
    const worker = workers[Math.floor(random() * workers.length)]
    worker?.kill('SIGSTOP')
    await wait(200 + random() * 2000)
    worker?.kill('SIGCONT')
  },
  async killedConnections({ admin }: Victims) {
    await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  },
  /** Sockets stay open, and nothing comes through. */
  async blackHole({ proxy, random }: Victims) {
    const direction = random() < 0.5 ? 'toClient' : 'toServer'
    proxy.drop(random() < 0.5 ? direction : undefined)
    await wait(100 + random() * 1500)
    proxy.pass()
    proxy.cut()
  },
  async slowNetwork({ proxy, random }: Victims) {
    proxy.delay(random() * 60)
    await wait(500)
    proxy.pass()
  },
}

/** After these, what the store knew is lost. */
const LOSSES = {
  /** A part of the store's bookkeeping is evicted. */
  async evictedKeys({ admin, prefix, random }: Victims) {
    const keys = await admin.keys(`{${prefix}:*`)
    const lost = keys.filter(() => random() < 0.3)
    if (lost.length > 0) await admin.del(...lost)
  },
  async emptiedStore({ admin }: Victims) {
    await admin.flushall()
  },
}

export type Harms = 'none' | 'passing' | 'all'

/** Does one harm after another, each at least once, in an order that chance decides, until the signal. `each` is called when all have been done. */
export async function faults(
  harms: Harms,
  victims: Omit<Victims, 'admin'>,
  redisUrl: string,
  signal: AbortSignal,
  each: () => void,
): Promise<Readonly<Record<string, number>>> {
  const admin = new Redis(redisUrl)
  const done: Record<string, number> = {}
  const kinds = Object.entries({ ...(harms === 'none' ? {} : PASSING), ...(harms === 'all' ? LOSSES : {}) })
  try {
    if (kinds.length > 0) await wait(1500)
    for (let round = 0; !signal.aborted; round++) {
      for (const [name, harm] of shuffled(kinds, victims.random)) {
        if (signal.aborted) break
        await harm({ ...victims, admin })
        done[name] = (done[name] ?? 0) + 1
        await wait(200 + victims.random() * 400)
      }
      if (round === 0) each()
      if (kinds.length === 0) break
    }
    return done
  } finally {
    victims.proxy.pass()
    for (const worker of victims.workers) worker.kill('SIGCONT')
    admin.disconnect()
  }
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map(item => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
