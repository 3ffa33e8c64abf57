import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, StoreError, type Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { startFaultProxy, type FaultProxy } from '../proxy/fault-proxy.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { until } from '../redis/world.js'

describe('What reaches Redis only after it was given up', () => {
  let redis: TestServer
  let proxy: FaultProxy
  let far: Redis
  let near: Redis
  let cut: Cache
  let other: Cache

  before(async function () {
    redis = await redisOrSkip(this)
  })

  beforeEach(async () => {
    proxy = await startFaultProxy({ port: redis.port, host: new URL(redis.url).hostname })
    far = new Redis(redis.url.replace(new URL(redis.url).host, `127.0.0.1:${proxy.port}`))
    near = new Redis(redis.url)
    for (const client of [far, near]) client.on('error', () => undefined)
    const prefix = `late-${process.pid}-${Math.random().toString(36).slice(2)}`
    cut = createCache({ store: redisStore({ client: far, prefix }) })
    other = createCache({ store: redisStore({ client: near, prefix, near: false, budget: '20s' }) })
    await until(async () => (await cut.set('key', 'older').catch(() => 'given up')) === undefined)
    await other.set('key', 'old')
  })

  afterEach(async () => {
    await Promise.all([cut.close(), other.close()])
    for (const client of [far, near]) client.disconnect()
    await proxy.close()
  })

  after(() => redis?.stop())

  const ways: readonly (readonly [string, () => void])[] = [
    ['held up by the network', () => proxy.drop('toServer')],
    [
      'queued by the client',
      () => {
        proxy.refuse()
        proxy.cut()
      },
    ],
  ]
  for (const [way, harm] of ways) {
    it(`does not bring a value back over a purge that was acknowledged, if it was ${way}`, async () => {
      harm()
      const set = await cut.set('key', 'given up').catch((error: unknown) => error)
      expect(set).to.be.instanceOf(StoreError)
      await other.invalidate({ key: 'key' })
      expect(await other.getOrSet('key', () => 'new')).to.equal('new')
      const arrived = proxy.counts.toServer.forwarded
      proxy.pass()
      await proxy.when(({ toServer }) => toServer.forwarded > arrived + 1000)
      // The first answer comes after everything that was asked before.
      await far.ping()
      expect(await other.get('key')).to.equal('new')
      expect(await cut.getOrSet('key', () => 'newer still')).to.be.oneOf(['new', 'newer still'])
    })

    it(`still purges, if it was ${way}`, async () => {
      harm()
      expect(await cut.invalidate({ key: 'key' }).catch((error: unknown) => error)).to.be.instanceOf(StoreError)
      expect(await other.get('key'), 'it was rejected').to.equal('old')
    })
  }
})
