import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import express from 'express'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { redisStore } from 'smart-cache/redis'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { Pulse } from './pulse.js'
import { RunningClock } from './running-clock.js'
import { HANDLER_MS } from './site.js'

/** What a busy machine may add. Without a budget there would be no answer at all. */
const SLACK_MS = 2000

describe('Pages kept in a Redis that freezes', () => {
  let redis: TestServer
  let client: Redis
  let clock: RunningClock
  let cache: Cache
  let server: Server

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
    client = new Redis(redis.url)
    clock = new RunningClock()
    cache = createCache({ store: redisStore({ client }) })
    const app = express()
    app.use(smartCache({ cache }))
    app.get('/:page', cachePage({ ttl: '5m' }), async (request, response) => {
      await wait(HANDLER_MS)
      response.set('Vary', 'Accept-Language').send(`page ${request.params.page}`)
    })
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  after(async () => {
    server?.closeAllConnections()
    server?.close()
    await cache?.close()
    client?.disconnect()
    clock?.stop()
    await redis?.stop()
  })

  async function ask(page: string): Promise<{ readonly ms: number; readonly status: string }> {
    const startedAt = clock.now()
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${page}`)
    expect(await response.text()).to.equal(`page ${page}`)
    return { ms: clock.now() - startedAt, status: response.headers.get('cache-status') ?? '' }
  }

  async function untilHit(page: string): Promise<number> {
    const startedAt = clock.now()
    while (!/; hit/.test((await ask(page)).status)) await wait(10)
    return clock.now() - startedAt
  }

  it('come from their handler, first within the budget and then without delay, and are kept again when it thaws', async () => {
    await untilHit('kept')
    redis.pause()
    try {
      const times: number[] = []
      for (let page = 0; page < 20; page++) times.push((await ask(`new-${page}`)).ms)
      expect(Math.max(...times)).to.be.below(250 + HANDLER_MS + SLACK_MS)
      expect(times.slice(9).toSorted((a, b) => a - b)[5]).to.be.below(250)
    } finally {
      redis.resume()
    }
    const witness = new Redis(redis.url)
    try {
      const pulse = new Pulse(witness, clock)
      expect(await untilHit('another')).to.be.below(3000 + 2 * pulse.longestMs)
    } finally {
      witness.disconnect()
    }
  })
})
