import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { gate } from 'smart-cache/testing'
import { until } from '../redis/world.js'

// A process in which many ask for the same at once. What it loads, it may keep when it is told to.

/** What it is told to do. */
export type Told = { readonly ask: number } | { readonly load: string }

/** What it tells. */
export type Says =
  | { readonly state: 'ready' | 'asked' }
  /** Its loader was called. */
  | { readonly state: 'loading' }
  | { readonly state: 'answered'; readonly answers: readonly string[] }

const [url = '', prefix = '', fillLeaseMs, membershipLeaseMs] = process.argv.slice(2)
const client = new Redis(url)
// The machine may be busy: nobody is to load by himself because Redis is slow.
const store = redisStore({
  client,
  prefix,
  fillLease: Number(fillLeaseMs),
  membershipLease: Number(membershipLeaseMs),
  budget: '20s',
})
const cache = createCache({ store })
const load = gate<string>()
const say = (says: Says) => process.send?.(says)

process.on('message', (told: Told) => {
  if ('load' in told) return load.open(told.load)
  const loader = () => {
    say({ state: 'loading' })
    return load
  }
  const asked = Array.from({ length: told.ask }, () => cache.getOrSet('cold', loader))
  say({ state: 'asked' })
  void Promise.all(asked).then(answers => say({ state: 'answered', answers }))
})
process.once('disconnect', () => {
  client.disconnect()
  void cache.close()
})
await until(() => store.upToDate?.('cold') === true)
say({ state: 'ready' })
