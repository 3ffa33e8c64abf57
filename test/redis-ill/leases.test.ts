import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { gate } from 'smart-cache/testing'
import { startFaultProxy, type FaultProxy } from '../proxy/fault-proxy.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'

/** Much less than the 10 s for which a fill lease stands. */
const SOON_MS = 4000

describe('The right to fill a key', function () {
  this.timeout(20_000)

  const clients: Redis[] = []
  const caches: Cache[] = []
  let redis: TestServer
  let proxy: FaultProxy
  let prefix: string

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
  })

  beforeEach(async () => {
    proxy = await startFaultProxy({ port: redis.port })
    prefix = `leases-${Math.random().toString(36).slice(2)}`
  })

  afterEach(async () => {
    await Promise.all(caches.splice(0).map(cache => cache.close()))
    for (const client of clients.splice(0)) client.disconnect()
    await proxy.close()
  })

  after(() => redis?.stop())

  async function open(port = redis.port): Promise<Cache> {
    const client = new Redis(port)
    client.on('error', () => undefined)
    clients.push(client)
    const cache = createCache({ store: redisStore({ client, prefix }) })
    caches.push(cache)
    await cache.getOrSet('warm', () => 1)
    return cache
  }

  async function msFor(cache: Cache, key: string): Promise<number> {
    const startedAt = performance.now()
    expect(await cache.getOrSet(key, () => 'loaded')).to.equal('loaded')
    return performance.now() - startedAt
  }

  it('is not lost with the answer that gave it', async () => {
    const cache = await open(proxy.port)
    const { cut } = proxy.counts
    proxy.cutAfter(0)
    const asked = msFor(cache, 'key')
    await proxy.when(counts => counts.cut > cut)
    proxy.pass()
    expect(await asked).to.be.below(SOON_MS)
    expect(await msFor(cache, 'key'), 'later').to.be.below(SOON_MS)
  })

  it('is given back if the answer that gave it came too late', async () => {
    const [cache, other] = [await open(), await open()]
    redis.pause()
    await Promise.all(['a', 'b', 'c'].map(key => msFor(cache, key)))
    redis.resume()
    for (const key of ['a', 'b', 'c']) expect(await msFor(other, key)).to.be.below(SOON_MS)
  })

  it('is given back if the fill failed', async () => {
    const [cache, other] = [await open(proxy.port), await open()]
    const loading = gate<undefined>()
    const loaded = cache.getOrSet('key', async () => {
      await loading
      return 'loaded'
    })
    await wait(50)
    proxy.drop()
    loading.open(undefined)
    expect(await loaded).to.equal('loaded')
    proxy.cut()
    proxy.pass()
    expect(await msFor(other, 'key')).to.be.below(SOON_MS)
  })

  for (const [title, end] of [
    ['closes its cache', (cache: Cache) => cache.close()],
    ['vanishes', async () => clients[0]?.disconnect()],
  ] as const) {
    it(`ends with the process that has it, when that ${title}`, async () => {
      const [cache, other] = [await open(), await open()]
      const never = gate<string>()
      void cache.getOrSet('key', () => never).catch(() => undefined)
      await wait(50)
      const waiting = msFor(other, 'key')
      await wait(50)
      await end(cache)
      expect(await waiting).to.be.below(SOON_MS)
      never.open('too late')
    })
  }
})
