import { createCache } from 'smart-cache'
import { expectHit, expectMiss, fakeClock } from 'smart-cache/testing'

const clock = fakeClock('2026-03-29T00:59:00Z')
const cache = createCache({ clock })
const greeting = () => cache.getOrSet('greeting', () => 'hello', { ttl: '10m' })

await expectMiss(cache, 'greeting', greeting)
await expectHit(cache, 'greeting', greeting)
clock.advance('10m')
await expectMiss(cache, 'greeting', greeting)
await cache.close()
