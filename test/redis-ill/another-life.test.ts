import { readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { startFaultProxy } from '../proxy/fault-proxy.js'
import { redisOrSkip, startOwnRedis, startSentinel } from '../servers/redis.js'
import { until } from '../redis/world.js'

/** A Redis, alone or with others, that loses the last writes without a word. */
interface Forgetful {
  client(): Redis
  /** From now on what is written will be lost. */
  sever(): Promise<unknown>
  /** Goes on without it, once it has been written. */
  lose(): Promise<unknown>
  stop(): Promise<unknown>
}

/** As it was once, it is again. */
async function fromAnOlderSnapshot(): Promise<Forgetful> {
  const redis = await startOwnRedis()
  const admin = new Redis(redis.url)
  admin.on('error', () => undefined)
  return {
    client: () => new Redis(redis.url),
    sever: () => admin.save(),
    lose: () => redis.revive(),
    stop: async () => {
      admin.disconnect()
      await redis.stop()
    },
  }
}

/** The log of what was written ends where it had ended once. */
async function fromALogWithoutItsEnd(): Promise<Forgetful> {
  const redis = await startOwnRedis({ appendonly: 'yes', appendfsync: 'always', 'aof-use-rdb-preamble': 'no' })
  let length = 0
  const log = async () => {
    // One file until 7.0, from then on a folder with the log in parts.
    const files = await readdir(redis.data, { recursive: true })
    const path = join(redis.data, files.find(file => file.endsWith('.incr.aof')) ?? 'appendonly.aof')
    return { path, bytes: (await stat(path)).size }
  }
  return {
    client: () => new Redis(redis.url),
    sever: async () => {
      length = (await log()).bytes
    },
    lose: async () => {
      await redis.kill()
      await truncate((await log()).path, length)
      await redis.revive()
    },
    stop: () => redis.stop(),
  }
}

/** The master is lost, and a replica that had not heard the last of it takes over. */
async function asAReplica(): Promise<Forgetful> {
  // Not after waiting for more replicas to come.
  const [master, replica] = [await startOwnRedis({ 'repl-diskless-sync-delay': 0 }), await startOwnRedis()]
  const proxy = await startFaultProxy({ port: master.port })
  const admin = new Redis(replica.url)
  admin.on('error', () => undefined)
  await admin.replicaof('127.0.0.1', proxy.port)
  await until(async () => (await admin.info('replication')).includes('master_link_status:up'))
  const sentinel = await startSentinel(master.port)
  const watcher = new Redis(sentinel.url)
  watcher.on('error', () => undefined)
  await until(async () => (await watcher.info('sentinel')).includes('status=ok') && (await watcher.info('sentinel')).includes('slaves=1'))
  return {
    client: () => new Redis({ sentinels: [{ host: '127.0.0.1', port: sentinel.port }], name: 'main', sentinelRetryStrategy: () => 50 }),
    sever: async () => {
      const log = new Redis(master.url)
      try {
        // What comes before a write that has reached the replica has reached it, too.
        await log.set('witness', 'heard')
        expect(await log.wait(1, 10_000), 'replicas that heard all so far').to.equal(1)
      } finally {
        log.disconnect()
      }
      proxy.drop('toClient')
    },
    lose: async () => {
      await master.kill()
      proxy.cut()
      // Until now it has been patient: a master that was only slow to answer would have been replaced before its time.
      await watcher.call('SENTINEL', 'SET', 'main', 'down-after-milliseconds', '500')
      await until(async () => (await admin.info('replication')).includes('role:master'))
    },
    stop: async () => {
      for (const each of [admin, watcher]) each.disconnect()
      await sentinel.stop()
      await Promise.all([master, replica].map(server => server.stop()))
      await proxy.close()
    },
  }
}

describe('A Redis that goes on without the last purges', () => {
  const prefix = 'lives'
  let forgetful: Forgetful
  let clients: Redis[]
  let caches: Cache[]

  before(async function () {
    await (await redisOrSkip(this, { own: true })).stop()
  })

  afterEach(async () => {
    await Promise.all(caches.map(cache => cache.close()))
    for (const client of clients) client.disconnect()
    await forgetful.stop()
  })

  const ways = { 'an older snapshot': fromAnOlderSnapshot, 'a log without its end': fromALogWithoutItsEnd, 'a replica': asAReplica }
  for (const [what, begin] of Object.entries(ways)) {
    it(`begins anew from ${what}: nothing that it still has is served`, async () => {
      forgetful = await begin()
      clients = Array.from({ length: 2 }, () => forgetful.client())
      for (const client of clients) client.on('error', () => undefined)
      caches = clients.map((client, at) =>
        createCache({ store: redisStore({ client, prefix, budget: '20s', ...(at === 0 ? {} : { near: false as const }) }) }),
      )
      const [one, other] = caches as [Cache, Cache]
      // A process that has not found Redis again answers from its loader, and rejects what needs Redis.
      const found = (cache: Cache) => cache.get('key').catch(() => undefined)
      const kept = async (cache: Cache, value: string) => {
        await until(async () => (await cache.getOrSet('key', () => value, { tags: ['tag'] })) === value && (await found(cache)) === value)
      }
      await kept(one, 'old')
      const [client] = clients as [Redis]
      const position = await client.get(`{${prefix}:0}:t:tag`)
      await forgetful.sever()
      await one.invalidate('tag')
      await forgetful.lose()
      await until(async () => (await client.ping().catch(() => '')) === 'PONG')
      expect(await client.get(`{${prefix}:0}:t:tag`), 'the purge is lost').to.equal(position)
      expect(await client.exists(`{${prefix}:0}:e:key`), 'and the entry there').to.equal(1)
      for (const cache of caches) expect(await found(cache)).to.equal(undefined)
      await kept(other, 'new')
      await kept(one, 'new')
      await other.invalidate('tag')
      for (const cache of caches) expect(await cache.get('key')).to.equal(undefined)
    })
  }
})
