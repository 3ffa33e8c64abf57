import { expect } from 'chai'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { namesOf } from './faults.js'
import { trial, type Outcome, type TrialOptions } from './trial.js'

/** What is tried is the same each time with the one, and never the same again with the other; `npm run test:coherence` goes on with more. */
const SEEDS = { fixed: 1, fresh: Date.now() % 1_000_000 }

describe('Two processes that read and write the same rows over one Redis', function () {
  this.timeout(180_000)
  let redis: TestServer

  before(async function () {
    redis = await redisOrSkip(this, { own: true })
  })

  after(() => redis?.stop())

  const tried = (options: Partial<TrialOptions>) => {
    return trial({ redis, processes: 2, near: true, seed: SEEDS.fixed, reads: 2000, writes: 100, harms: 'none', ...options })
  }

  /** Until there are enough hits to show something: on a busy machine everything may time out. */
  const expectKept = async (options: Partial<TrialOptions>): Promise<Outcome> => {
    for (;;) {
      const outcome = await tried(options)
      const { violations, reads, hits, writes } = outcome
      expect(violations, `with seed ${options.seed}`).to.deep.equal([])
      expect(reads).to.be.at.least(2000)
      expect(writes).to.be.at.least(100)
      if (hits / reads > 0.2) return outcome
    }
  }

  for (const [where, near] of [
    ['with near tiers', true],
    ['without near tiers', false],
  ] as const) {
    for (const [which, seed] of Object.entries(SEEDS)) {
      it(`never read what is older than an invalidation (${where}, ${which} seed)`, async () => {
        await expectKept({ near, seed, reads: 4000, writes: 200 })
      })
    }

    const [which, seed] = near ? (['fixed', SEEDS.fixed] as const) : (['fresh', SEEDS.fresh] as const)
    it(`never do so either while everything goes wrong (${where}, ${which} seed)`, async () => {
      const { faults } = await expectKept({ near, seed, harms: 'all' })
      expect(faults).to.have.all.keys(namesOf('all'))
    })
  }

  it('never do so either through functions, whose answers are kept ready made', async () => {
    await expectKept({ manner: 'as functions', harms: 'all', seed: SEEDS.fresh })
  })

  it('never do so either if writers die between COMMIT and purge, once their intents have run out', async () => {
    await expectKept({ dying: true, shards: 3, seed: SEEDS.fresh })
  })

  // Without these, no violations would mean nothing.
  const FAULTY: readonly [string, Partial<TrialOptions>][] = [
    ['do not wait for the processes that have yet to hear of a purge', { manner: 'without waiting' }],
    ['keep what they loaded whatever was purged meanwhile', { manner: 'cache-aside', near: false }],
  ]
  for (const [fault, options] of FAULTY) {
    it(`are seen to if they ${fault}`, async () => {
      for (let seed = SEEDS.fresh; (await tried({ ...options, seed, writes: 300 })).violations.length === 0;) seed++
    })
  }
})
