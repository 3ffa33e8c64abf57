import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { RunningClock } from './running-clock.js'

// A process that works with its cache until it is told to leave, and then ends by itself, or not at all.

/** What a process says before it ends. */
export interface Farewell {
  /** On its running clock. */
  readonly closeMs: number
  /** What nobody caught. */
  readonly unhandled: readonly string[]
}

/** Where it writes how long it took to end, ms. */
const LAST_WORDS = 4

const unhandled: string[] = []
for (const event of ['unhandledRejection', 'uncaughtException', 'warning']) {
  process.on(event, (thrown: unknown) => unhandled.push(`${event}: ${String(thrown)}`))
}

const orphaned = () => process.exit(1)
process.once('disconnect', orphaned)

// By default ioredis gives the other side 2 s to agree to the end of a connection. Not so here, for that would hide who else holds the process.
const client = new Redis(process.argv[2] ?? '', { disconnectTimeout: 50 })
client.on('error', () => undefined)
const cache = createCache({ store: redisStore({ client }) })

await cache.getOrSet('row:0', () => 1)
const told = once(process, 'message')
process.send?.('here')
await told
for (let row = 1; row < 4; row++) await cache.getOrSet(`row:${row}`, () => 1)
// Left under way, as they are when a process is told to end.
void Promise.allSettled([
  cache.invalidate({ key: 'row:0' }),
  cache.set('row:0', 2),
  cache.get('row:0'),
  ...Array.from({ length: 20 }, (_, row) => cache.getOrSet(`row:${row}`, () => 1)),
])
const clock = new RunningClock()
const startedAt = clock.now()
await cache.close()
const closeMs = clock.now() - startedAt
client.disconnect()
const toldAt = clock.now()
process.once('exit', () => writeSync(LAST_WORDS, String(clock.now() - toldAt)))
process.send?.({ closeMs, unhandled } satisfies Farewell, () => {
  process.off('disconnect', orphaned)
  process.disconnect()
})
