import { createCache, nextInstant } from 'smart-cache'
import { posts } from './posts.js'

const cache = createCache()

// Fresh until the next 13:00 in Berlin, whatever is done to the clocks there.
const report = () => cache.getOrSet('report', () => posts.all(), { invalidateAt: '13:00', timezone: 'Europe/Berlin' })
console.log((await report()).length)

// Purged and loaded anew every morning at six: once, however many processes declare it.
const list = () => cache.getOrSet('list', () => posts.all(), { ttl: '2d', tags: ['posts'] })
cache.schedule({ name: 'morning', cron: '0 6 * * *', timezone: 'Europe/Berlin', invalidate: ['posts'], warm: () => list() })
for (const { name, next } of cache.schedules()) console.log(name, next.toISOString())

// What a schedule names next, without a cache.
console.log(nextInstant({ cron: '0 3 * * *', timezone: 'Europe/Berlin' }, new Date('2026-03-29T00:00:00Z'))?.toISOString())
await cache.close()
