import { brotliCompressSync, constants } from 'node:zlib'
import { serialize } from 'node:v8'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { openStore } from './clients.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'

const SECRET = 'a secret that is long enough'
const VALUE = { name: 'Bern', population: 134_794n, seen: new Date(0), bytes: Buffer.from('abc'), odd: [-0, NaN, undefined, null] }

/** What is done to the envelope of an entry. */
type Damage = readonly [what: string, envelope: Buffer]

function damages(whole: Buffer): readonly Damage[] {
  const cuts = Array.from({ length: whole.length }, (_, length): Damage => [`cut to ${length} bytes`, whole.subarray(0, length)])
  const flips = Array.from({ length: whole.length }, (_, at): Damage => {
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
    return [`bit ${at % 8} of byte ${at} flipped`, bytes]
  })
  const versions = Array.from({ length: 256 }, (_, version): Damage => {
    const bytes = Buffer.from(whole)
    bytes[3] = version
    return [`version ${version}`, bytes]
  })
  const bomb = brotliCompressSync(Buffer.alloc(50_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
  const bombs = [bomb, Buffer.concat([whole.subarray(0, 20), bomb])].map((bytes): Damage => ['a bomb', bytes])
  const strangers = [serialize(VALUE), Buffer.from(JSON.stringify({ key: 'page' })), Buffer.alloc(0)].map((bytes): Damage => [
    'of another',
    bytes,
  ])
  return [...cuts, ...flips, ...versions.filter(([, bytes]) => !bytes.equals(whole)), ...bombs, ...strangers]
}

for (const [kind, options] of Object.entries({ unsigned: {}, signed: { secret: SECRET } })) {
  describe(`What is damaged in Redis (${kind})`, () => {
    let redis: TestServer
    let client: Redis
    let cache: Cache
    let errors: unknown[]
    let entryKey: string
    let prefix: string

    before(async function () {
      redis = await redisOrSkip(this)
    })

    beforeEach(async () => {
      client = new Redis(redis.url)
      prefix = `damage-${process.pid}-${Math.random().toString(36).slice(2)}`
      entryKey = `{${prefix}:0}:e:page`
      cache = createCache({ store: await openStore(client, 1, { near: false, ...options }, prefix) })
      errors = []
      cache.on('error', ({ error }) => errors.push(error))
      await cache.getOrSet('page', () => VALUE, { tags: ['tag'] })
    })

    afterEach(async () => {
      await cache.close()
      client.disconnect()
    })

    after(() => redis?.stop())

    async function expectMiss(what: string): Promise<void> {
      expect(await cache.get('page'), what).to.equal(undefined)
      expect(await cache.getOrSet('page', () => VALUE, { tags: ['tag'] }), what).to.deep.equal(VALUE)
      expect(await cache.get('page'), `kept again after ${what}`).to.deep.equal(VALUE)
    }

    it('is a miss, and can be loaded and kept again, for each of more than 500 kinds of damage', async () => {
      const whole = (await client.hgetBuffer(entryKey, 'v')) ?? Buffer.alloc(0)
      const all = damages(whole)
      expect(all.length).to.be.above(500)
      for (const [what, envelope] of all) {
        await client.hset(entryKey, 'v', envelope)
        expect(await cache.get('page'), what).to.equal(undefined)
      }
      for (const [what, envelope] of all.filter((_, index) => index % 20 === 0)) {
        await client.hset(entryKey, 'v', envelope)
        await expectMiss(what)
      }
      expect(errors).to.deep.equal([])
    })

    it('is a miss if something else lies in its place', async () => {
      const others: Readonly<Record<string, () => Promise<unknown>>> = {
        'a string': () => client.set(entryKey, 'text'),
        'a list': () => client.rpush(entryKey, 'x', 'p'),
        'a set': () => client.sadd(entryKey, 'v'),
        'a sorted set': () => client.zadd(entryKey, 1, 'v'),
        'a stream': () => client.xadd(entryKey, '*', 'v', '1'),
        'an empty hash': () => client.hset(entryKey, 'other', '1'),
      }
      for (const [what, put] of Object.entries(others)) {
        await client.del(entryKey)
        await put()
        await expectMiss(what)
      }
      expect(errors).to.deep.equal([])
    })

    it('is a miss if what stands beside the envelope makes no sense', async () => {
      const fields = {
        x: ['', 'another'],
        p: ['', 'nan', 'x', '[]'],
        s: ['', 'soon'],
      }
      for (const [field, values] of Object.entries(fields)) {
        for (const value of values) {
          await client.hset(entryKey, field, value)
          await expectMiss(`${field} is ${JSON.stringify(value)}`)
        }
        await client.hdel(entryKey, field)
        await expectMiss(`no ${field}`)
      }
      expect(errors).to.deep.equal([])
    })

    it('is a miss if the tags beside the envelope make no sense to who cannot judge for itself', async () => {
      for (const value of ['', '[', '{', '[[]]', '[1', 'null', '["other"]']) {
        await cache.invalidate('any')
        const latecomer = createCache({ store: await openStore(client, 1, { near: false, ...options }, prefix) })
        await client.hset(entryKey, 't', value)
        expect(await latecomer.get('page'), JSON.stringify(value)).to.equal(undefined)
        expect(await cache.get('page'), 'they are in the envelope, too').to.deep.equal(VALUE)
        await latecomer.close()
      }
    })

    it('can be purged, set and deleted all the same', async () => {
      for (const act of [() => cache.invalidate({ key: 'page' }, { soft: true }), () => cache.set('page', 1), () => cache.delete('page')]) {
        await client.del(entryKey)
        await client.set(entryKey, 'text')
        await act()
        expect(await cache.get('page')).to.be.oneOf([undefined, 1])
      }
    })
  })
}
