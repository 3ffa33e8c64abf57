import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { isAlive } from './is-alive.js'
import { redisOrSkip, startOwnRedis, startRedis } from './redis.js'
import type { ServerProcess } from './server-process.js'
import type { TestServer } from './test-server.js'

const DOOMED = fileURLToPath(new URL('./doomed-process.js', import.meta.url))

describe('A Redis started for tests', () => {
  const clients: Redis[] = []
  let redis: ServerProcess

  before(async function () {
    await (await redisOrSkip(this, { own: true })).stop()
  })

  beforeEach(async () => {
    redis = await startOwnRedis()
  })

  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect()
    await redis.stop()
  })

  it('answers at its url', async () => {
    expect(redis.url).to.equal(`redis://127.0.0.1:${redis.port}`)
    expect(await connect().ping()).to.equal('PONG')
  })

  it('is one of its own for everybody who asks', async () => {
    const other = await startOwnRedis()
    try {
      await connect(other.url).set('key', 'value')
      expect(await connect().get('key')).to.equal(null)
    } finally {
      await other.stop()
    }
  })

  it('says nothing while it is paused, and goes on where it was', async () => {
    const client = connect()
    await client.set('key', 'value')
    redis.pause()
    const answer = client.get('key')
    const impatient = await connect(redis.url, { commandTimeout: 50 }).ping().catch(String)
    expect(impatient).to.contain('timed out')
    redis.resume()
    expect(await answer).to.equal('value')
  })

  it('is gone when killed', async () => {
    const client = connect()
    await client.ping()
    const { pid } = redis
    const closed = once(client, 'close')
    await redis.kill()
    await closed
    expect(await isAlive(pid ?? 0)).to.equal(false)
    expect(() => redis.pause()).to.throw('Redis is not running')
  })

  for (const state of ['runs', 'is paused', 'was killed']) {
    it(`starts again when it ${state}, empty and on the same port`, async () => {
      const { url } = redis
      await connect().set('key', 'value')
      if (state === 'is paused') redis.pause()
      if (state === 'was killed') await redis.kill()
      await redis.restart()
      expect(redis.url).to.equal(url)
      expect(await connect().dbsize()).to.equal(0)
    })
  }

  it('takes settings, for this start and the next', async () => {
    const strict = await startOwnRedis({ requirepass: 'open:sesame', maxmemory: '3mb', 'maxmemory-policy': 'noeviction', maxclients: 20 })
    try {
      await strict.restart()
      const client = connect(strict.url)
      expect(await client.config('GET', 'maxclients')).to.deep.equal(['maxclients', '20'])
      const full = await client
        .set('key', 'x'.repeat(4_000_000))
        .then(() => client.set('more', 'x'))
        .catch(String)
      expect(full).to.contain('OOM')
      const stranger = await connect(`redis://127.0.0.1:${strict.port}`).get('key').catch(String)
      expect(stranger).to.contain('NOAUTH')
    } finally {
      await strict.stop()
    }
  })

  it('tells what is wrong when it does not start', async () => {
    const error = await startOwnRedis({ nonsense: 1 }).catch((failure: unknown) => failure)
    expect(error)
      .to.be.an('error')
      .with.property('message')
      .that.matches(/Redis ended at start:[^]*'nonsense 1'/)
  })

  for (const state of ['running', 'paused', 'killed']) {
    it(`leaves nothing behind when stopped ${state}`, async () => {
      const { pid, folder } = redis
      if (state === 'paused') redis.pause()
      if (state === 'killed') await redis.kill()
      await redis.stop()
      await redis.stop()
      expect(await isAlive(pid ?? 0)).to.equal(false)
      expect(await exists(folder)).to.equal(false)
    })
  }

  for (const [title, argument, signal] of [
    ['is killed', 'stay', 'SIGKILL'],
    ['is interrupted', 'stay', 'SIGINT'],
    ['forgets it', 'leave', undefined],
  ] as const) {
    it(`ends with the process that started it, when that ${title}`, async () => {
      const child = spawn(process.execPath, [DOOMED, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'exit')
      const [line] = await once(createInterface(child.stdout), 'line')
      const { pid, folder } = JSON.parse(String(line)) as { pid: number; folder: string }
      if (signal !== undefined) child.kill(signal)
      await ended
      while (await isAlive(pid)) await sleep(10)
      while (await exists(folder)) await sleep(10)
    })
  }

  function connect(url = redis.url, options: { readonly commandTimeout?: number } = {}): Redis {
    const client = new Redis(url, { ...options, retryStrategy: () => null })
    client.on('error', () => undefined)
    clients.push(client)
    return client
  }
})

describe('The Redis at TEST_REDIS_URL', () => {
  const given = process.env['TEST_REDIS_URL']
  let somebodys: TestServer

  before(async function () {
    somebodys = await redisOrSkip(this, { own: true })
    process.env['TEST_REDIS_URL'] = somebodys.url
  })

  after(async () => {
    if (given === undefined) delete process.env['TEST_REDIS_URL']
    else process.env['TEST_REDIS_URL'] = given
    await somebodys?.stop()
  })

  it('is taken, and not ours to treat badly', async () => {
    const redis = await startRedis()
    expect(redis).to.include({ url: somebodys.url, port: somebodys.port })
    expect(() => redis.pause()).to.throw(`The server at 127.0.0.1:${redis.port} is not ours`)
    await redis.stop()
    expect((await startRedis()).url).to.equal(somebodys.url)
  })

  it('is not taken when the test has settings, or wants its own', async () => {
    for (const options of [{ settings: { maxclients: 20 } }, { own: true }]) {
      const redis = await startRedis(options)
      await redis.stop()
      expect(redis.url).not.to.equal(somebodys.url)
    }
  })

  it('has to answer', async () => {
    await somebodys.kill()
    const error = await startRedis().catch(String)
    expect(error).to.contain('No Redis answers at TEST_REDIS_URL')
  })
})

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
