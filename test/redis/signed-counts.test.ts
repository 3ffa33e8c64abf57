import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'

const SECRET = 'a secret that is long enough'

describe('What is counted in a Redis whose entries are signed', () => {
  let redis: TestServer
  let client: Redis
  let prefix: string
  const caches: Cache[] = []

  before(async function () {
    redis = await redisOrSkip(this)
  })

  beforeEach(() => {
    client = new Redis(redis.url)
    prefix = `signed-${process.pid}-${Math.random().toString(36).slice(2)}`
  })

  afterEach(async () => {
    await Promise.all(caches.splice(0).map(cache => cache.close()))
    client.disconnect()
  })

  after(() => redis?.stop())

  /** As another process would open it. */
  async function open(secret = SECRET): Promise<Cache> {
    const cache = createCache({ store: await openStore(client, 1, { secret }, prefix) })
    caches.push(cache)
    return cache
  }

  it('is all that was counted at once by several members', async () => {
    const members = [await open(), await open(), await open()]
    const counts = await Promise.all(members.flatMap(cache => Array.from({ length: 30 }, () => cache.increment('k'))))
    expect(counts.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 90 }, (_, index) => index + 1))
    for (const cache of members) expect(await cache.get('k')).to.equal(90)
  })

  it('keeps the life and the tags that it had first', async () => {
    const cache = await open()
    await cache.increment('k', 5, { ttl: '1h', tags: ['t'] })
    const first = await cache.entry('k')
    await cache.decrement('k', 2, { ttl: '1m', tags: ['other'] })
    expect(await cache.entry('k')).to.deep.include({ value: 3, staleAt: first?.staleAt, tags: ['t'] })
    await cache.invalidate('t')
    expect(await cache.increment('k')).to.equal(1)
  })

  it('cannot be forged by who has no secret', async () => {
    const cache = await open()
    await cache.increment('k', 5)
    const entry = `{${prefix}:0}:e:k`
    for (const [field, value] of [
      ['c', '1000'],
      ['n', '1000'],
    ] as const) {
      await client.hset(entry, field, value)
      const other = await open()
      expect(await other.get('k'), field).to.equal(5)
      expect(await other.increment('k', 0), field).to.equal(5)
    }
    const stranger = await open('another secret, long enough')
    await stranger.set('k', 1000)
    expect(await (await open()).increment('k')).to.equal(1)
  })
})
