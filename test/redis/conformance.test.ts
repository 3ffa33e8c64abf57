import { PATIENCE_MS, runsOnEach } from '../conformance/running.js'
import { frameworks } from '../pages/frameworks.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'

/** The other way round than where they are kept in memory. */
const REPLIES: Readonly<Record<string, string>> = { Express: 'the framework’s own way', Koa: 'res.end' }

describe('The public suite of HTTP cache tests, with pages in Redis', function () {
  this.timeout(PATIENCE_MS)
  let redis: TestServer
  let runs: ReturnType<typeof runsOnEach>

  before(async function () {
    redis = await redisOrSkip(this)
    runs = runsOnEach(REPLIES, redis.url)
  })

  after(() => redis?.stop())

  for (const { name } of frameworks) it(`is passed on ${name}, but for what docs/http.md says`, () => runs.get(name))
})
