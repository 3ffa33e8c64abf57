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
    expect(output).to.match(/ {6}Kept near by [1-9]\d* process/)
    expect(output).to.match(/ 1 entry: 1 in shop\n/)
  })

  it('tells of the namespaces with their versions, and of the schedules that other processes keep', async () => {
    const next = cache.namespace('offers', { version: 2 })
    await next.set('k', 'v')
    const schedule = cache.schedule({ name: 'nightly', cron: '0 3 * * *', timezone: 'UTC', invalidate: 'posts' })
    const status = async () => (await folder.run(['status'])).output
    while (!(await status()).includes('nightly')) continue
    const output = await status()
    const at = new Date(schedule.next.getTime() - schedule.next.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
    expect(output).to.include('2 entries: 1 in shop, 1 in shop/offers@2\n').and.to.include(`Schedule nightly of shop, next at ${at} `)
    schedule.stop()
  })

  it('says that it is ill, with an exit code for monitors', async () => {
    await client.config('SET', 'maxmemory', '1mb')
    const { code, output } = await folder.run(['status'])
    await client.config('SET', 'maxmemory', '0')
    expect(code).to.equal(3)
    expect(output).to.match(/^ILL {3}Store \(Redis\)\n {6}Its memory is full\n/)
    const { ok } = JSON.parse((await folder.run(['status', '--format', 'json'])).output) as { ok: boolean }
    expect(ok).to.equal(true)
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
