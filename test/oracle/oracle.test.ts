import { expect } from 'chai'
import { sqlite } from '../queries/sqlite.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { trial } from './trial.js'

/** A short run of what `npm run test:oracle` does for long, on all databases. */
describe('What is read of a database that several write to', () => {
  for (const rows of [false, true]) {
    it(`is never older than what was acknowledged before${rows ? ', where rows are told apart' : ''}`, async () => {
      const { reads, hits, violations } = await trial({
        database: sqlite,
        processes: 1,
        redis: undefined,
        reads: 3_000,
        seed: 7,
        rows,
        faults: true,
      })
      expect(violations).to.deep.equal([])
      expect(hits / reads).to.be.above(0.3)
    })
  }

  describe('from several processes over Redis', () => {
    let redis: TestServer | undefined

    before(async function () {
      redis = await redisOrSkip(this)
    })

    after(() => redis?.stop())

    it('is so, too, when one of them is killed', async () => {
      const { violations } = await trial({
        database: sqlite,
        processes: 2,
        redis: redis?.url,
        reads: 3_000,
        seed: 7,
        rows: true,
        faults: true,
      })
      expect(violations).to.deep.equal([])
    })
  })
})
