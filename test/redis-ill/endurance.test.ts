import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { freePort } from '../servers/free-port.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import type { Endured } from './endurance.js'

describe('A process that loses its connections a hundred times', function () {
  this.timeout(120_000)

  let redis: TestServer
  let endured: Endured
  let said: string
  let code: unknown

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
    const child = fork(fileURLToPath(new URL('endurance.js', import.meta.url)), [redis.url], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    const saying = Promise.all([child.stdout, child.stderr].map(async stream => (stream === null ? '' : text(stream))))
    const exit = once(child, 'exit')
    child.once('message', message => {
      endured = message as Endured
    })
    ;[code] = await exit
    said = (await saying).join('')
  })

  after(() => redis?.stop())

  it('leaves nothing unhandled, says nothing, and ends', () => {
    expect({ code, said, unhandled: endured.unhandled }).to.deep.equal({ code: 0, said: '', unhandled: [] })
  })

  it('has no more listeners than before on the client it was given', () => {
    expect(endured.after.listeners).to.equal(endured.before.listeners)
  })

  it('has no more sockets and timers than before', () => {
    // Give or take a timer that happened to run.
    expect(endured.after.resources).to.be.at.most(endured.before.resources + 2)
    expect(endured.after.connections).to.equal(endured.before.connections)
  })

  it('has no more memory than before', () => {
    expect(endured.after.heapBytes - endured.before.heapBytes).to.be.below(1_000_000)
  })
})

describe('A client that queues for ever', () => {
  it('is not given more and more to queue while Redis is away', async () => {
    const client = new Redis(await freePort(), { maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    const cache = createCache({ store: redisStore({ client }) })
    const queued = () => (client as unknown as { readonly offlineQueue: { readonly length: number } }).offlineQueue.length
    try {
      const visitors = async () => {
        for (let id = 0; id < 30; id++) await cache.getOrSet(`key:${id}`, () => wait(10))
        await Promise.allSettled([cache.invalidate('tag'), cache.set('key', 1), cache.get('key')])
      }
      await visitors()
      const before = queued()
      for (let round = 0; round < 3; round++) await visitors()
      // Of 33 questions, and then of 99; probes come by the clock.
      expect(before).to.be.below(15)
      expect(queued()).to.be.below(before + 15)
    } finally {
      await cache.close()
      client.disconnect()
    }
  })
})
