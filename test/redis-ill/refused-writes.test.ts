import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, StoreError, type Cache, type Target } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { inside } from '../../lib/caches/cache.js'
import { until } from '../redis/world.js'
import { freePort } from '../servers/free-port.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'

describe('On a Redis that refuses to write', () => {
  // The same for all tests: the purges of a store's first second wait for who may have known it in an earlier life.
  const prefix = 'refused'
  let redis: TestServer
  let admin: Redis
  let client: Redis
  let far: Cache
  let tiered: Cache

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
  })

  beforeEach(async () => {
    admin = new Redis(redis.url)
    client = new Redis(redis.url)
    far = createCache({ store: redisStore({ client, prefix, near: false, budget: '20s' }) })
    tiered = createCache({ store: redisStore({ client, prefix, budget: '20s' }) })
    for (const key of ['user:1', 'user:2', 'post:1']) await far.getOrSet(key, () => 'old', { tags: [key, 'all'] })
  })

  afterEach(async () => {
    await admin.config('SET', 'maxmemory', '0')
    await admin.config('SET', 'min-replicas-to-write', '0')
    await admin.replicaof('NO', 'ONE')
    await Promise.all([far.close(), tiered.close()])
    for (const each of [admin, client]) each.disconnect()
  })

  after(() => redis?.stop())

  const failure = (work: Promise<unknown>) => work.catch((error: unknown) => error)
  const lapsed = (cache: Cache) => inside(cache).engine.store.upToDate?.('user:1') === false

  describe('because it is full', () => {
    beforeEach(async () => {
      await admin.config('SET', 'maxmemory-policy', 'noeviction')
      await admin.config('SET', 'maxmemory', '1')
    })

    it('what is there is served', async () => {
      for (let round = 0; round < 10; round++) expect(await far.get('user:1')).to.equal('old')
    })

    const targets: readonly Target[] = ['user:1', { key: 'user:1' }, { prefix: 'user:' }, { pattern: 'user:*' }]
    for (const target of targets) {
      it(`a purge by ${typeof target === 'string' ? 'tag' : Object.keys(target)[0]} takes effect`, async () => {
        expect(await tiered.get('user:1')).to.equal('old')
        await far.invalidate(target)
        for (const cache of [far, tiered]) {
          expect(await cache.get('user:1')).to.equal(undefined)
          expect(await cache.get('post:1')).to.equal('old')
        }
      })
    }

    it('clear() takes effect', async () => {
      await far.clear()
      expect(await tiered.get('post:1')).to.equal(undefined)
    })

    it('what is loaded is not kept, and all who wait get it', async () => {
      const errors: unknown[] = []
      tiered.on('error', ({ error }) => errors.push(error))
      await tiered.get('warm')
      let loads = 0
      const load = async () => ++loads
      expect(new Set(await Promise.all(Array.from({ length: 20 }, () => tiered.getOrSet('new', load))))).to.deep.equal(new Set([1]))
      expect(await tiered.getOrSet('new', load)).to.equal(2)
      expect(String(errors[0])).to.contain('OOM')
    })

    it('leases do not pile up', async () => {
      for (let id = 0; id < 20; id++) await tiered.getOrSet(`new:${id}`, () => 1)
      // Given back behind the callers' backs, over the same connection.
      await client.ping()
      expect((await admin.keys('*:l:*')).filter(key => key.includes('new:'))).to.deep.equal([])
    })

    it('set() rejects, and leaves what was there', async () => {
      expect(await failure(far.set('user:1', 'new'))).to.be.instanceOf(StoreError)
      expect(await far.get('user:1')).to.equal('old')
    })
  })

  describe('because it has no replicas to write to', () => {
    beforeEach(() => admin.config('SET', 'min-replicas-to-write', '1'))

    it('what is there is not served once its lease is over, for another may have taken its place', async () => {
      await until(() => lapsed(far))
      expect(await failure(far.get('user:1')))
        .to.be.instanceOf(StoreError)
        .with.property('message')
        .that.contains('NOREPLICAS')
      expect(await far.getOrSet('user:1', () => 'new')).to.equal('new')
    })

    it('a purge rejects', async () => {
      expect(await failure(far.invalidate('user:1')))
        .to.be.instanceOf(StoreError)
        .with.property('message')
        .that.contains('NOREPLICAS')
    })

    it('what is loaded is not kept', async () => {
      expect(await far.getOrSet('new', () => 1)).to.equal(1)
      expect(await far.getOrSet('new', () => 2)).to.equal(2)
    })
  })

  describe('because it has become a replica', () => {
    beforeEach(async () => {
      await admin.replicaof('127.0.0.1', await freePort())
    })

    it('what is there is not served once its lease is over, for purges may have passed it by', async () => {
      await until(() => lapsed(far))
      expect(await failure(far.get('user:1')))
        .to.be.instanceOf(StoreError)
        .with.property('message')
        .that.contains('READONLY')
      expect(await far.getOrSet('user:1', () => 'new')).to.equal('new')
    })

    for (const target of ['user:1', { key: 'user:1' }, { prefix: 'user:' }] as const) {
      it(`a purge by ${typeof target === 'string' ? 'tag' : Object.keys(target)[0]} rejects`, async () => {
        expect(await failure(far.invalidate(target))).to.be.instanceOf(StoreError)
      })
    }
  })
})
