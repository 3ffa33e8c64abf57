import { Redis } from 'ioredis'
import type { Store } from 'smart-cache'
import { describingIn, type Place } from '../pages/frameworks.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'
import { Settling } from './settling.js'

/** What is described of pages once more, of pages in Redis. */
const SUITES = [
  'age',
  'cache-status',
  'fresh-handlers',
  'head-requests',
  'header-delta',
  'holes',
  'learned-vary',
  'connection-fields',
  'methods',
  'methods-by-body',
  'never-kept',
  'nonces',
  'page-tags',
  'corpus/corpus',
  'stale-if-error',
  'statuses',
  'streaming',
  'stricter-freshness',
  'told',
  'truncated',
  'validators',
  'vary-cookies',
  'vary-functions',
  'vary-headers',
  'vary-query',
]

/** What an entry at hand makes possible. */
const NEAR_ALONE = ['encodings', 'grace', 'max-variants', 'refresh-ahead']

for (const near of [true, false]) {
  await describingIn(inRedis(near), async () => {
    // A module under another URL is another module, and describes once more.
    for (const suite of near ? [...SUITES, ...NEAR_ALONE] : SUITES) await import(`../pages/${suite}.test.js?near=${near}`)
  })
}

function inRedis(near: boolean): Place {
  let redis: TestServer
  let client: Redis
  let store: Store
  return {
    name: `in Redis ${near ? 'with' : 'without'} a near tier`,
    async open(context) {
      redis = await redisOrSkip(context)
      client = new Redis(redis.url)
      store = await openStore(client, 1, near ? {} : { near: false })
      return new Settling(store)
    },
    async close() {
      await store?.close()
      client?.disconnect()
      await redis?.stop()
    },
  }
}
