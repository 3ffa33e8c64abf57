import { expect } from 'chai'
import { createCache, type Cache } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { redisClusterOrSkip, type RedisCluster } from '../servers/redis-cluster.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { CLIENTS, openStore, type Client } from './clients.js'

describe('Processes that share a store', () => {
  let redis: TestServer
  let cluster: RedisCluster

  before(async function () {
    redis = await redisOrSkip(this)
    cluster = await redisClusterOrSkip(this)
  })

  after(() => Promise.all([redis?.stop(), cluster?.stop()]))

  for (const [kind, make] of Object.entries(CLIENTS)) {
    describe(`through ${kind}`, () => {
      let stores = 0

      const servers = {
        'one server': () => ({ shards: 1, connect: () => make.single(redis.url) }),
        'a Cluster': () => ({ shards: 4, connect: () => make.cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))) }),
      }
      for (const [where, at] of Object.entries(servers)) {
        describe(`on ${where}`, () => {
          let clients: Client[]
          let caches: readonly [Cache, Cache]

          beforeEach(async () => {
            const { shards, connect } = at()
            const prefix = `clients-${process.pid}-${stores++}-${Date.now()}`
            clients = [connect(), connect()]
            const [one, other] = await Promise.all(
              clients.map(async client => createCache({ store: await openStore(client, shards, {}, prefix) })),
            )
            if (one === undefined || other === undefined) throw new Error('Two were asked for')
            caches = [one, other]
          })

          afterEach(async () => {
            await Promise.all(caches.map(cache => cache.close()))
            for (const client of clients) client.disconnect()
          })

          // Their membership leases are longer than the test: without news of the purge, and of its having been heard, it would not resolve.
          it('hear of each other’s purges, and that they were heard', async () => {
            const [one, other] = caches
            for (const cache of caches)
              expect(await cache.getOrSet('key', () => new Map([[0n, Buffer.from([0, 255])]]), { tags: ['tag'] })).to.have.lengthOf(1)
            await one.invalidate('tag')
            expect(await other.get('key')).to.equal(undefined)
            await other.set('key', 'new')
            expect(await one.get('key')).to.equal('new')
          })

          it('find what lies there, many at once', async () => {
            const keys = Array.from({ length: 50 }, (_, number) => `key ${number}`)
            const [client] = clients as [Client]
            const cache = createCache({ store: await openStore(client, at().shards, { near: false }) })
            try {
              // Loaded, then found.
              for (let times = 0; times < 2; times++)
                expect(await Promise.all(keys.map(key => cache.getOrSet(key, () => `${key} ${times}`)))).to.deep.equal(
                  keys.map(key => `${key} 0`),
                )
              expect(await Promise.all(['none', ...keys].map(key => cache.get(key)))).to.deep.equal([
                undefined,
                ...keys.map(key => `${key} 0`),
              ])
            } finally {
              await cache.close()
            }
          })

          it('hear of the end of each other’s loads', async () => {
            const [one, other] = caches
            const [began, loaded] = [gate(), gate<string>()]
            const load = () => {
              began.open()
              return loaded
            }
            const first = one.getOrSet('key', load)
            await began
            const second = other.getOrSet('key', () => 'loaded twice')
            loaded.open('loaded once')
            expect(await Promise.all([first, second])).to.deep.equal(['loaded once', 'loaded once'])
          })
        })
      }
    })
  }
})
