import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache, type Duration } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import type { Gate } from 'smart-cache/testing'
import { heldLoad } from '../cache/held-load.js'
import { startFaultProxy, type FaultProxy } from '../proxy/fault-proxy.js'
import { until } from '../redis/world.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'

/** Longer than any test: who waits for the end of a lease that nobody has waits in vain. */
const FILL_LEASE = '1h'

describe('The right to fill a key', () => {
  const clients: Redis[] = []
  const caches: Cache[] = []
  let redis: TestServer
  let admin: Redis
  let proxy: FaultProxy
  let prefix: string

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
    admin = new Redis(redis.url)
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

  after(async () => {
    admin?.disconnect()
    await redis?.stop()
  })

  /** With a budget, Redis is given up on; without one, the machine may be busy. */
  async function open(port = redis.port, budget: Duration = '20s'): Promise<Cache> {
    const client = new Redis(port)
    client.on('error', () => undefined)
    clients.push(client)
    const cache = createCache({ store: redisStore({ client, prefix, budget, fillLease: FILL_LEASE }) })
    caches.push(cache)
    await until(async () => (await cache.getOrSet('warm', () => 1), await cache.get('warm').catch(() => undefined)) === 1)
    return cache
  }

  const ask = (cache: Cache, key: string) => cache.getOrSet(key, () => 'loaded')

  /** Has the cache load the key, and never be done with it until it is told to. */
  async function loading(cache: Cache): Promise<{ readonly answer: Gate<string>; readonly loaded: Promise<string> }> {
    const load = heldLoad()
    const loaded = cache.getOrSet('key', load.loader)
    await load.begun
    return { answer: load.answer, loaded }
  }

  it('is not lost with the answer that gave it', async () => {
    const cache = await open(proxy.port)
    const { cut } = proxy.counts
    proxy.cutAfter(0)
    const asked = ask(cache, 'key')
    await proxy.when(counts => counts.cut > cut)
    proxy.pass()
    expect(await asked).to.equal('loaded')
    expect(await ask(cache, 'key'), 'later').to.equal('loaded')
  })

  it('is given back if the answer that gave it came too late', async () => {
    const [cache, other] = [await open(redis.port, 250), await open()]
    redis.pause()
    await Promise.all(['a', 'b', 'c'].map(key => ask(cache, key)))
    redis.resume()
    for (const key of ['a', 'b', 'c']) expect(await ask(other, key)).to.equal('loaded')
  })

  it('is given back if the fill failed', async () => {
    const [cache, other] = [await open(proxy.port, 250), await open()]
    const { answer, loaded } = await loading(cache)
    proxy.drop()
    answer.open('loaded')
    expect(await loaded).to.equal('loaded')
    proxy.cut()
    proxy.pass()
    expect(await ask(other, 'key')).to.equal('loaded')
  })

  for (const [title, end] of [
    ['closes its cache', (cache: Cache) => cache.close()],
    ['vanishes', async () => clients[0]?.disconnect()],
  ] as const) {
    it(`ends with the process that has it, when that ${title}`, async () => {
      const [cache, other] = [await open(), await open()]
      const { answer, loaded } = await loading(cache)
      loaded.catch(() => undefined)
      const waiting = ask(other, 'key')
      await until(async () => (await admin.exists(`{${prefix}:0}:w:key`)) === 1)
      await end(cache)
      expect(await waiting).to.equal('loaded')
      answer.open('too late')
    })
  }
})
