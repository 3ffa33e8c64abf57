import { expect } from 'chai'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { trial } from './trial.js'

const READS = 3_000
const WRITES = 200
/** Fixed, so that what is tried is the same each time; `npm run test:coherence` tries others. */
const SEED = 1

describe('Two processes that read and write the same rows over one Redis', function () {
  this.timeout(120_000)
  let redis: TestServer

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
  })

  after(() => redis?.stop())

  for (const near of [true, false]) {
    const where = near ? 'with near tiers' : 'without near tiers'

    it(`never read what is older than an invalidation (${where})`, async () => {
      const outcome = await trial({ redisUrl: redis.url, processes: 2, near, seed: SEED, reads: READS, writes: WRITES, harms: 'none' })
      expect(outcome.violations).to.deep.equal([])
      expect(outcome.reads).to.be.at.least(READS)
      expect(outcome.rejected, 'nothing is wrong, so every write resolves').to.equal(0)
      expect(outcome.hits / outcome.reads, 'so few hits that it shows nothing').to.be.above(0.2)
    })

    it(`never do so either while everything goes wrong (${where})`, async () => {
      const outcome = await trial({ redisUrl: redis.url, processes: 2, near, seed: SEED, reads: READS, writes: WRITES, harms: 'all' })
      expect(outcome.violations).to.deep.equal([])
      expect(outcome.reads).to.be.at.least(READS)
      expect(outcome.writes, 'so few writes that it shows nothing').to.be.above(outcome.rejected)
      expect(outcome.hits / outcome.reads, 'so few hits that it shows nothing').to.be.above(0.2)
      expect(Object.keys(outcome.faults)).to.have.members(HARMS)
    })
  }
})

const HARMS = ['stoppedProcess', 'killedConnections', 'blackHole', 'slowNetwork', 'evictedKeys', 'emptiedStore']
