import { expect } from 'chai'
import fc from 'fast-check'
import { Redis } from 'ioredis'
import type { AnyVisit } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { cases, Play, REQUESTS } from '../leaks/hole-play.js'
import { runs } from '../leaks/seed.js'
import { frameworks, fronted } from '../pages/frameworks.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'

/** Pages that are generated for each site. */
const CASES = Number(process.env['HOLE_CASES'] ?? 170)

describe('In Redis two visitors never see what fills each other’s holes', () => {
  let redis: TestServer
  let client: Redis

  before(async function () {
    redis = await redisOrSkip(this)
    client = new Redis(redis.url)
  })

  after(() => {
    client?.disconnect()
    return redis?.stop()
  })

  const sites = [
    ...frameworks.flatMap(framework => [true, false].map(near => ({ framework, near }))),
    ...fronted.map(framework => ({ framework, near: true })),
  ]
  for (const { framework, near } of sites) {
    it(`on ${framework.name}, ${near ? 'with a near tier' : 'without a near tier'}, in ${CASES * REQUESTS} requests`, async () => {
      const play = new Play(framework, 'and nobody else compresses', () => openStore(client, 2, near ? {} : { near: false }))
      await play.open()
      try {
        await fc.assert(
          fc.asyncProperty(cases, async played => play.run(played)),
          { ...runs(CASES), timeout: 60_000 },
        )
      } finally {
        await play.close()
      }
      expect(play.asked).to.be.at.least(CASES * REQUESTS)
      expect(play.hits / play.asked).to.be.above(0.3)
      expect(play.known).to.be.above(0)
    }).timeout(120_000)

    it(`on ${framework.name}, ${near ? 'with a near tier' : 'without a near tier'}, and what stands before a slow hole has left by then`, async () => {
      let slow = gate<string>()
      const store = await openStore(client, 1, near ? {} : { near: false })
      const site = await framework.page(
        { ttl: '1h' },
        visit => visit.send(`begin ${visit.cache.hole('slow', (_visit: AnyVisit) => slow, { front: true, fallback: 'instead' })} end`),
        { store },
      )
      slow.open('first')
      await site.ask()
      await site.eventually(() => site.heard('fill').length === 1)
      slow = gate()
      const response = await fetch(`http://127.0.0.1:${site.port}/`)
      expect(response.headers.get('cache-status')).to.include('hit')
      const reader = response.body?.getReader()
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal('begin ')
      slow.fail(new Error('hole'))
      let rest = ''
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) rest += Buffer.from(next.value).toString()
      expect(rest).to.equal('instead end')
      await site.close()
      await site.cache.close()
    })
  }
})
