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

    /** How often the server has done a command. */
    const callsOf = async (command: string): Promise<number> =>
      Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await admin.info('commandstats'))?.[1] ?? 0)

    /** Does not go on before the server has done so many of a command, and lets nothing that it answers come back until then. */
    async function doneWithoutAnswer(command: string, work: () => Promise<unknown>): Promise<void> {
      const before = await callsOf(command)
      proxy.drop('toClient')
      const done = work()
      try {
        await until(async () => (await callsOf(command)) >= before + ITEMS.length)
      } finally {
        proxy.pass('toClient')
        await done
      }
    }

    it('are looked for before the first answer has come, where they are all there', async () => {
      const html = await list()
      rendered.length = 0
      await doneWithoutAnswer('hmget', async () => expect(await list()).to.deep.equal(html))
      expect(rendered).to.deep.equal([])
    })

    it('are looked for before the first answer has come, where some are missing', async () => {
      const html = await list()
      await cache.invalidate({ fragment: 'row' })
      rendered.length = 0
      await doneWithoutAnswer('hmget', async () => expect(await list()).to.deep.equal(html))
      expect(rendered).to.have.members(ITEMS.map(({ id }) => id))
    })

    it('are looked for before the first answer has come, where nothing is known of them', async () => {
      await doneWithoutAnswer('evalsha', list)
      expect(rendered).to.have.members(ITEMS.map(({ id }) => id))
    })
  })
}
