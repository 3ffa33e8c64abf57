import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'

// A process whose connections are lost again and again, and that watches what it has. It ends by itself.

/** What a process has at some moment. */
export interface Belongings {
  /** On the client that it was given. */
  readonly listeners: number
  /** Sockets and timers. */
  readonly resources: number
  readonly heapBytes: number
  /** Connections that the server has of it, and of the one that watches. */
  readonly connections: number
}

export interface Endured {
  readonly before: Belongings
  readonly after: Belongings
  readonly reconnects: number
  /** What nobody caught. */
  readonly unhandled: readonly string[]
}

const RECONNECTS = 100

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const unhandled: string[] = []
for (const event of ['unhandledRejection', 'uncaughtException', 'warning']) {
  process.on(event, (thrown: unknown) => unhandled.push(`${event}: ${String(thrown)}`))
}

const orphaned = () => process.exit(1)
process.once('disconnect', orphaned)

const url = process.argv[2] ?? ''
const admin = new Redis(url)
const client = new Redis(url, { retryStrategy: () => 1 })
client.on('error', () => undefined)
const cache = createCache({ store: redisStore({ client }) })
let loads = 0
const load = async () => {
  await wait(1)
  return ++loads
}

async function connections(): Promise<readonly string[]> {
  return String(await admin.call('CLIENT', 'LIST', 'TYPE', 'normal'))
    .trim()
    .split('\n')
}

/** Waits until all connections are there: the cache's, which asks and listens, and that of the one that watches. @returns how many there are then */
async function connected(): Promise<number> {
  for (;;) {
    const { length } = await connections()
    await client.ping()
    if (length >= 3) return length
    await wait(1)
  }
}

/** What is left of sockets and timers that end by themselves: some time, there is no more than what stays. */
async function leastResources(): Promise<number> {
  let least = Infinity
  for (let times = 0; times < 10; times++) {
    await wait(50)
    least = Math.min(least, process.getActiveResourcesInfo().length)
  }
  return least
}

async function belongings(): Promise<Belongings> {
  await connected()
  const resources = await leastResources()
  for (let times = 0; times < 3; times++) {
    collect()
    await wait(10)
  }
  return {
    listeners: client.eventNames().reduce((sum, name) => sum + client.listenerCount(name), 0),
    resources,
    heapBytes: process.memoryUsage().heapUsed,
    connections: await connected(),
  }
}

async function reconnect(): Promise<void> {
  const closed = new Promise(resolve => client.once('close', resolve))
  const asked = Promise.allSettled([
    cache.getOrSet('key', load, { ttl: 0 }),
    cache.getOrSet('kept', load),
    cache.invalidate('tag', { wait: false }),
  ])
  await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await asked
  await closed
  await connected()
}

await connected()
for (let times = 0; times < 10; times++) await reconnect()
const before = await belongings()
for (let times = 0; times < RECONNECTS; times++) await reconnect()
const endured: Endured = { before, after: await belongings(), reconnects: RECONNECTS, unhandled }
await cache.close()
for (const each of [client, admin]) each.disconnect()
process.send?.(endured, () => {
  process.off('disconnect', orphaned)
  process.disconnect()
})
