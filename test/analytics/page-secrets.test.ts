import { expect } from 'chai'
import knex from 'knex'
import { Registry } from 'prom-client'
import { analytics } from 'smart-cache/knex'
import { prometheus } from 'smart-cache/metrics'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import type { Visit } from '../pages/framework.js'
import { describeHits } from '../pages/frameworks.js'

const SECRET = 'pl4nted-S3cret'
const TABLES = ['rollups', 'reasons', 'entries', 'events', 'batches', 'migrations'].map(name => `smart_cache_${name}`)

describeHits('A secret of a visitor', framework => {
  it('is written down nowhere, whether it came as cookie, as header, in the query, or as credentials', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      const varied = app.cachePage({ ttl: '1m', grace: '1m', front: true, vary: { cookies: ['session'], headers: ['X-Key'] } })
      app.route('get', '/mine', varied, (visit: Visit) => visit.send(SECRET))
      app.route('get', '/learned', app.cachePage({ ttl: '1m' }), (visit: Visit) => visit.set('Vary', 'X-Key').send('learned'))
      app.route('get', '/cookie', app.cachePage({ ttl: '1m' }), (visit: Visit) => visit.set('Set-Cookie', `a=${SECRET}`).send('cookie'))
      app.route('get', '/failing', app.cachePage({ ttl: '1m' }), () => {
        throw new Error(SECRET)
      })
    })
    const db = knex({
      client: await SqliteDialect.load(),
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
      pool: { min: 1, max: 1 },
    })
    const stats = analytics({ knex: db, cache: site.cache, sample: 1 })
    const registry = new Registry()
    prometheus(site.cache, registry)
    try {
      const headers = { Cookie: `session=${SECRET}; other=${SECRET}`, 'X-Key': SECRET }
      for (const path of [`/mine?token=${SECRET}`, `/learned?${SECRET}`, '/cookie', '/failing', `/nowhere?q=${SECRET}`])
        for (let n = 0; n < 3; n++) await site.ask({ path, headers })
      await site.ask({ path: '/mine', headers: { ...headers, Authorization: `Bearer ${SECRET}` } })
      await site.cache.invalidate({ url: `/mine?token=${SECRET}` })
      await stats.flush()
      const { totals } = await stats.report()
      expect(totals.hits, 'hits').to.be.above(1)
      expect(totals.bypassed, 'bypassed').to.be.above(0)
      for (const table of TABLES) expect(JSON.stringify(await db(table).select()), table).to.not.include(SECRET)
      const said = [
        await stats.report(),
        await stats.entries(),
        await stats.events({ limit: 1_000 }),
        await stats.advice(),
        await registry.metrics(),
      ]
      expect(JSON.stringify(said)).to.not.include(SECRET)
    } finally {
      await stats.close()
      await db.destroy()
    }
  })
})
