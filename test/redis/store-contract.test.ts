import { Cluster, Redis } from 'ioredis'
import type { Store } from 'smart-cache'
import { redisStore, type RedisStoreOptions } from 'smart-cache/redis'
import { storeContract } from 'smart-cache/testing'
import { redisClusterOrSkip, type RedisCluster } from '../servers/redis-cluster.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { until } from './world.js'

const TIERS: Readonly<Record<string, Pick<RedisStoreOptions, 'near'>>> = {
  'behind a near tier': {},
  'without a near tier': { near: false },
}

/** Longer than any test: on a busy machine nothing else runs out, and nobody is given up. */
const PATIENT = { membershipLease: '1m', budget: '20s' } as const

let stores = 0

/** An empty store that this process is a member of, in a Redis that has long known it: its purges wait for nobody who may be there from before. */
async function openStore(client: Redis | Cluster, shards: number, options: Pick<RedisStoreOptions, 'near'>): Promise<Store> {
  const prefix = `contract-${process.pid}-${stores++}-${Date.now()}`
  const store = redisStore({ client, prefix, shards, ...PATIENT, ...options })
  const keys = Array.from({ length: 64 }, (_, number) => `${number}`)
  await until(() => keys.every(key => store.upToDate?.(key)))
  for (let shard = 0; shard < shards; shard++) await client.hset(`{${prefix}:${shard}}:meta`, 'born', 1)
  return store
}

for (const [where, options] of Object.entries(TIERS)) {
  describe(`A Redis store ${where}`, function () {
    this.timeout(20_000)
    let redis: TestServer
    let client: Redis

    before(async function () {
      redis = await redisOrSkip(this)
      client = new Redis(redis.url)
    })

    after(async () => {
      client?.disconnect()
      await redis?.stop()
    })

    for (const { title, run } of storeContract(() => openStore(client, 1, options))) it(title, run)
  })

  describe(`A Redis store on a Cluster ${where}`, function () {
    this.timeout(20_000)
    let cluster: RedisCluster
    let client: Cluster

    before(async function () {
      cluster = await redisClusterOrSkip(this)
      client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
    })

    after(async () => {
      client?.disconnect()
      await cluster?.stop()
    })

    // How values are written does not depend on where.
    const checks = storeContract(() => openStore(client, 4, options)).filter(({ title }) => !title.startsWith('gives back'))
    for (const { title, run } of checks) it(title, run)
  })
}
