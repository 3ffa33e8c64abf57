import type { RedisStoreOptions } from 'smart-cache/redis'
import { storeContract } from 'smart-cache/testing'
import { redisClusterOrSkip, type RedisCluster } from '../servers/redis-cluster.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { CLIENTS, openStore, type Client, type ClientKind } from './clients.js'

interface Setting {
  readonly tiers: Pick<RedisStoreOptions, 'near' | 'secret'>
  readonly client: ClientKind
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  'behind a near tier': { tiers: {}, client: CLIENTS['ioredis 5'] },
  'without a near tier': { tiers: { near: false }, client: CLIENTS['ioredis 5'] },
  'that signs': { tiers: { secret: 'a secret that is long enough' }, client: CLIENTS['ioredis 5'] },
  'through ioredis 6': { tiers: {}, client: CLIENTS['ioredis 6'] },
}

describe('A Redis store', () => {
  let redis: TestServer

  before(async function () {
    redis = await redisOrSkip(this)
  })

  after(() => redis?.stop())

  for (const [how, { tiers, client: kind }] of Object.entries(SETTINGS)) {
    describe(how, () => {
      let client: Client

      before(() => {
        client = kind.single(redis.url)
      })

      after(() => client?.disconnect())

      for (const { title, run } of storeContract(() => openStore(client, 1, tiers))) it(title, run)
    })
  }
})

describe('A Redis store on a Cluster', () => {
  let cluster: RedisCluster

  before(async function () {
    cluster = await redisClusterOrSkip(this)
  })

  after(() => cluster?.stop())

  for (const [how, { tiers, client: kind }] of Object.entries(SETTINGS)) {
    describe(how, () => {
      let client: Client

      before(() => {
        client = kind.cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
      })

      after(() => client?.disconnect())

      // How values are written does not depend on where.
      const checks = storeContract(() => openStore(client, 4, tiers)).filter(({ title }) => !title.startsWith('gives back'))
      for (const { title, run } of checks) it(title, run)
    })
  }
})
