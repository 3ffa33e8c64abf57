import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { CliFolder } from '../cli/smart-cache-process.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'

describe('smart-cache, with the Redis of an application', () => {
  let server: TestServer
  let folder: CliFolder
  let client: Redis
  let cache: Cache

  before(async function () {
    server = await redisOrSkip(this)
    folder = await CliFolder.create()
    client = new Redis(server.url)
    const redisPrefix = `cli-${randomUUID()}`
    cache = createCache({ namespace: 'shop', store: await openStore(client, 1, {}, redisPrefix) })
    await folder.write('smart-cache.config.json', JSON.stringify({ redis: server.url, redisPrefix, namespace: 'shop' }))
  })

  after(async () => {
    await cache?.close()
    client?.disconnect()
    await folder?.remove()
    await server?.stop()
  })

  it('says how it is', async () => {
    await cache.set('k', 'v', { tags: ['posts'] })
    const { code, output } = await folder.run(['status'])
    expect(code).to.equal(0)
    expect(output).to.match(/^well {2}Store \(Redis\)\n {6}Redis [\d.]+, [\d.]+ [µm]?s for one question/)
    expect(output).to.match(/[1-9]\d* processes\s+serve from it/)
  })

  it('purges what its processes serve from their own memory', async () => {
    const heard: string[] = []
    const load = () => cache.getOrSet('k', () => 'new', { tags: ['posts'] })
    for (const args of [['posts'], ['--key', 'k'], ['--prefix', 'k'], ['--pattern', 'k*']]) {
      await cache.set('k', 'old', { tags: ['posts'] })
      expect(await load()).to.equal('old')
      const { code, output, errors } = await folder.run(['invalidate', ...args])
      expect([code, output, errors]).to.deep.equal([0, 'Purged, in every process.\n', ''])
      heard.push(await load())
    }
    expect(heard).to.deep.equal(['new', 'new', 'new', 'new'])
  })

  it('empties its namespace', async () => {
    await cache.set('k', 'v')
    expect((await folder.run(['clear', '--entries', '--yes'])).code).to.equal(0)
    expect(await cache.get('k')).to.equal(undefined)
  })
})
