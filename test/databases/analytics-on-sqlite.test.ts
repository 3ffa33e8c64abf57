import { expect } from 'chai'
import knex from 'knex'
import { groundTruth } from '../analytics/ground-truth.js'
import { sqlite } from '../queries/sqlite.js'

/** As much as was promised, where somebody has the time; otherwise a tenth. */
const REQUESTS = Number(process.env['TEST_ANALYTICS_REQUESTS'] ?? 10_000)
const AWAY_MS = Number(process.env['TEST_ANALYTICS_AWAY_MS'] ?? 1_000)

describe('Analytics of four processes on SQLite', function () {
  this.timeout(240_000)

  it('lose nothing and write nothing twice while the file is locked by somebody else', async () => {
    const { config, drop } = await sqlite.create()
    const db = knex({ ...config, pool: { ...config.pool, min: 1, max: 1 } })
    const written = async () => (await db.schema.hasTable('smart_cache_batches')) && (await batches()) > 3
    const batches = async () => Number((await db('smart_cache_batches').count({ count: '*' }))[0]?.['count'])
    try {
      const { connection, useNullAsDefault } = config
      const over = groundTruth(config, { client: 'sqlite', connection, useNullAsDefault } as object, 4, REQUESTS)
      const locked = (async () => {
        while (!(await written().catch(() => false))) await later(20)
        await db.raw('begin immediate')
        const before = await batches()
        await later(AWAY_MS)
        expect(await batches(), 'written meanwhile').to.equal(before)
        await db.raw('commit')
      })()
      const [done] = await Promise.all([over, locked])
      expect(done).to.be.above(REQUESTS - 1)
    } finally {
      await db.destroy()
      await drop()
    }
  })
})

function later(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
