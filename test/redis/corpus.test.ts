import { Redis } from 'ioredis'
import type { Framework } from '../pages/framework.js'
import { frameworks } from '../pages/frameworks.js'
import { CORPUS } from '../pages/corpus/corpus.js'
import { closeSites } from '../pages/site.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'
import { Settling } from './settling.js'

describe('With pages in Redis', () => {
  let redis: TestServer
  let client: Redis

  before(async function () {
    redis = await redisOrSkip(this)
    client = new Redis(redis.url)
  })

  afterEach(closeSites)

  after(() => {
    client?.disconnect()
    return redis?.stop()
  })

  for (const { title, tests } of CORPUS)
    describe(title, () => {
      for (const framework of frameworks) describe(`on ${framework.name}`, () => tests(inRedis(framework)))
    })

  /** Each site has a store of its own, without a near tier; and who has asked goes on when that has done what it was asked. */
  function inRedis(framework: Framework): Framework {
    return {
      ...framework,
      site: async (build, settings) => {
        const settling = new Settling(await openStore(client, 1, { near: false }))
        const site = await framework.site(build, { ...settings, store: settling.store })
        const [ask, close] = [site.ask.bind(site), site.close.bind(site)]
        return Object.assign(site, {
          ask: async (...question: Parameters<typeof ask>) => {
            const reply = await ask(...question)
            await settling.settled()
            return reply
          },
          close: async () => {
            await close()
            await settling.store.close()
          },
        })
      },
    }
  }
})
