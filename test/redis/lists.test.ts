import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { startFaultProxy, type FaultProxy } from '../proxy/fault-proxy.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'
import { until } from './world.js'

const ITEMS = Array.from({ length: 50 }, (_, id) => ({ id }))

for (const shards of [1, 3]) {
  describe(`Fragments of a list over ${shards === 1 ? 'one shard' : `${shards} shards`} of a Redis`, () => {
    let redis: TestServer
    let proxy: FaultProxy
    let admin: Redis
    let client: Redis
    let cache: Cache
    let rendered: number[]

    before(async function () {
      redis = await redisOrSkip(this)
      admin = new Redis(redis.url)
      const { hostname, port } = new URL(redis.url)
      proxy = await startFaultProxy({ port: Number(port), host: hostname })
      client = new Redis(`redis://127.0.0.1:${proxy.port}`)
    })

    beforeEach(async () => {
      const store = await openStore(client, shards, { near: false })
      cache = createCache({ store })
      rendered = []
    })

    afterEach(() => cache.close())

    after(async () => {
      client?.disconnect()
      admin?.disconnect()
      await proxy?.close()
      await redis?.stop()
    })

    const list = () =>
      cache.fragments('row', ITEMS, { key: '{id}' }, ({ id }) => {
        rendered.push(id)
        return `<li>${id}</li>`
      })

    /** How many reads of entries the server does while nothing that it answers comes back. */
    async function readWithoutAnswer(work: () => Promise<unknown>): Promise<readonly string[]> {
      const read: string[] = []
      const monitor = await admin.monitor()
      monitor.on('monitor', (_: string, [name = '', ...args]: string[], source: string) => {
        if (source !== 'lua' && args.some(arg => arg.includes('~fragment'))) read.push(name.toLowerCase())
      })
      proxy.drop('toClient')
      const done = work()
      try {
        await until(() => read.length >= ITEMS.length)
      } finally {
        proxy.pass('toClient')
        await done
        monitor.disconnect()
      }
      return read.slice(0, ITEMS.length)
    }

    it('are looked for before the first answer has come, where they are all there', async () => {
      const html = await list()
      rendered.length = 0
      expect(new Set(await readWithoutAnswer(async () => expect(await list()).to.deep.equal(html)))).to.deep.equal(new Set(['hmget']))
      expect(rendered).to.deep.equal([])
    })

    it('are looked for before the first answer has come, where some are missing', async () => {
      const html = await list()
      await cache.invalidate({ fragment: 'row' })
      rendered.length = 0
      await readWithoutAnswer(async () => expect(await list()).to.deep.equal(html))
      expect(rendered).to.have.members(ITEMS.map(({ id }) => id))
    })

    it('are looked for before the first answer has come, where nothing is known of them', async () => {
      expect(new Set(await readWithoutAnswer(list))).to.deep.equal(new Set(['evalsha']))
      expect(rendered).to.have.members(ITEMS.map(({ id }) => id))
    })
  })
}
