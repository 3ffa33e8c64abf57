import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { LOOKALIKES, randomCalls } from '../functions/random-calls.js'
import { SEED } from '../property.js'
import { CLIENTS, openStore, type Client } from './clients.js'

describe('The calls of a function that is kept in Redis', () => {
  let redis: TestServer
  let client: Client

  before(async function () {
    redis = await redisOrSkip(this)
    client = CLIENTS['ioredis 5'].single(redis.url)
  })

  after(async () => {
    client?.disconnect()
    await redis?.stop()
  })

  it('have each a result of their own, however alike they look', async () => {
    const cache = createCache({ store: await openStore(client, 1, { near: false }) })
    try {
      let loads = 0
      const { keyFor } = cache.cached((...args: unknown[]) => args.length, { name: 'f' })
      const f = cache.cached((...args: unknown[]) => `${++loads}: ${keyFor(...args)}`, { name: 'g', ttl: '1h' })
      const random = randomCalls(SEED)
      const calls = [...LOOKALIKES.map(one => [one]), ...Array.from({ length: 2_000 }, random)]
      const different = new Map(calls.map(args => [keyFor(...args), args]))
      const first = await Promise.all([...different.values()].map(args => f(...args)))
      expect(new Set(first)).to.have.property('size', different.size)
      expect(first.map(result => result.replace(/^\d+: /, ''))).to.deep.equal([...different.keys()])
      expect(await Promise.all([...different.values()].map(args => f(...args)))).to.deep.equal(first)
      expect(loads).to.equal(different.size)
    } finally {
      await cache.close()
    }
  })
})
