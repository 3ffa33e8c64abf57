import { expect } from 'chai'
import type { Knex } from 'knex'
import { ConfigError, createCache, type Cache } from 'smart-cache'
import { analytics, type AnalyticsOptions } from 'smart-cache/knex'
import { KnexLedger } from '../../adapters/knex/analytics/knex-ledger.js'
import { tablesWith } from '../../adapters/knex/analytics/tables.js'
import { INJECTIONS } from './injections.js'
import { standing as begun, TABLES, type Standing } from './in-memory.js'

describe('Analytics', () => {
  const open: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close()
  })

  async function standing(options: Partial<AnalyticsOptions> = {}): Promise<Standing> {
    const there = await begun(options)
    open.push(() => there.close())
    return there
  }

  it('say what each function cost, and what it saved', async () => {
    const { clock, cache, stats } = await standing()
    const slow = cache.cached(
      async function slow(n: number) {
        clock.advance(100)
        return n
      },
      { ttl: '1h' },
    )
    for (const n of [1, 2, 1, 1, 2]) await slow(n)
    const { totals, rows } = await stats.report()
    expect(rows.length).to.equal(1)
    expect(rows[0]).to.include({ name: 'slow', kind: 'value', requests: 5, hits: 3, misses: 2, hitRate: 0.6, savedMs: 300, loadMs: 200 })
    expect(rows[0]?.loadTimes.p50).to.be.within(50, 100)
    expect(totals).to.include({ requests: 5, hits: 3, fills: 2 })
    expect(totals.servedBytes).to.equal((totals.filledBytes / 2) * 3)
  })

  it('are by route about pages, and about nothing else', async () => {
    const { cache, stats } = await standing()
    await cache.getOrSet('a', () => 1)
    await cache.invalidate('t')
    const { rows, totals, reasons } = await stats.report({ by: 'route' })
    expect([rows, totals.requests, totals.purges]).to.deep.equal([[], 0, 1])
    expect(reasons.map(({ what }) => what)).to.deep.equal(['purge'])
    expect((await stats.report({ by: 'name' })).totals.requests).to.equal(1)
  })

  it('know exactly how long a load took that was the only one', async () => {
    const { cache, clock, stats } = await standing()
    const slow = () => clock.advance(123)
    await cache.getOrSet('a', slow)
    expect((await stats.report()).rows[0]?.loadTimes).to.deep.equal({ p50: 123, p95: 123, p99: 123 })
    await cache.getOrSet('b', slow)
    expect((await stats.report()).totals.loadTimes.p95).to.be.within(100, 200)
  })

  it('have boards of what stands out', async () => {
    const { cache, stats } = await standing()
    const text = cache.cached((n: number) => 'x'.repeat(n), { name: 'text', tags: n => [`text:${n}`] })
    for (const n of [10, 10, 10, 500, 500, 9_000]) await text(n)
    await cache.invalidate('text:9000')
    await text(9_000)
    const { boards } = await stats.report({ top: 2 })
    expect(boards.mostHit.map(({ shown, hits }) => `${shown} ${hits}`)).to.deep.equal(['text(10) 2', 'text(500) 1'])
    expect(boards.largest[0]?.shown).to.equal('text(9000)')
    expect(boards.neverHit.map(({ shown }) => shown)).to.deep.equal(['text(9000)'])
    expect(boards.mostMissed[0]).to.include({ shown: 'text(9000)', misses: 2, tags: 'text:9000' })
    expect(boards.wasted.map(({ shown, wasted }) => `${shown} ${wasted}`)).to.deep.equal(['text(9000) 1'])
  })

  it('take nothing for wasted that was hit before it was purged', async () => {
    const { cache, stats, clock } = await standing()
    for (let n = 0; n < 3; n++) {
      for (let hits = 0; hits < 2; hits++) await cache.getOrSet('a', () => 1)
      await cache.invalidate({ key: 'a' })
      clock.advance('1s')
    }
    await cache.getOrSet('a', () => 1)
    expect((await stats.report()).totals.wasted).to.equal(0)
  })

  it('tell who purged what, and why', async () => {
    const { cache, stats } = await standing()
    await cache.invalidate(['city:7', 'world'], { why: 'edit', soft: true })
    await cache.clear()
    const events = await stats.events({ type: 'purge' })
    expect(events.map(({ shown, reason }) => `${shown}: ${reason}`)).to.deep.equal([
      'soft tag city:7: edit',
      'soft tag world: edit',
      'prefix : clear()',
    ])
    const [event] = events
    expect(event?.process).to.match(new RegExp(`:${process.pid}$`))
    expect((await stats.events({ after: event?.id ?? 0 })).length).to.equal(2)
  })

  it('count nothing of what is switched off', async () => {
    for (const [name, left] of [
      ['hits', { hits: 0, misses: 2, failed: 1 }],
      ['misses', { hits: 1, fills: 0, failed: 1 }],
      ['errors', { hits: 1, fills: 1, failed: 0 }],
      ['performance', { hits: 1, fills: 1, failed: 1, loads: 2 }],
    ] as const) {
      const { cache, stats } = await standing({ [name]: false })
      for (let n = 0; n < 2; n++) await cache.getOrSet('a', () => 1)
      await cache.getOrSet('b', () => Promise.reject(new Error('no'))).catch(() => undefined)
      const { totals } = await stats.report()
      expect(totals, name).to.include(left)
      expect(totals.loadTimes.p50 === undefined).to.equal(name === 'performance')
    }
  })

  it('keep histories by the minute, the hour and the day', async () => {
    const { cache, clock, stats } = await standing()
    for (let minute = 0; minute < 3; minute++) {
      await cache.getOrSet('a', () => 1)
      await stats.flush()
      clock.advance('1m')
    }
    const series = await stats.series({ days: 1 })
    expect(series.map(({ at, requests }) => `${new Date(at).toISOString().slice(11, 16)} ${requests}`)).to.deep.equal([
      '12:00 1',
      '12:01 1',
      '12:02 1',
    ])
    expect((await stats.series({ days: 7 })).map(({ requests }) => requests)).to.deep.equal([3])
    expect((await stats.series({ days: 90 })).map(({ requests }) => requests)).to.deep.equal([3])
  })

  it('delete what is old, when they write', async () => {
    const { cache, clock, stats, db } = await standing({ keep: { minutes: '1h', hours: '2d', events: '1h', entries: '1h' } })
    await cache.getOrSet('a', () => 1)
    clock.advance('3h')
    await cache.getOrSet('b', () => 1)
    await stats.flush()
    expect((await stats.entries()).map(({ shown }) => shown)).to.deep.equal(['b'])
    expect((await stats.events({ type: 'fill' })).map(({ shown }) => shown)).to.deep.equal(['b'])
    expect(await db('smart_cache_rollups').where({ span: 'minute' }).select('at')).to.have.length(1)
    expect((await stats.report({ days: 2 })).totals.requests).to.equal(2)
  })

  it('keep as many entries as they are to, those that were seen last', async () => {
    const { cache, clock, stats } = await standing({ limits: { entries: 3 } })
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      await cache.getOrSet(key, () => 1)
      clock.advance('1s')
    }
    await stats.flush()
    expect((await stats.entries()).map(({ shown }) => shown).toSorted()).to.deep.equal(['c', 'd', 'e'])
  })

  it('delete what is old in small steps', async () => {
    const { db, stats } = await standing()
    await stats.migrate()
    const row = { at: 0, process: '', type: 'hit', namespace: '', kind: 'value', name: '', shown: '', reason: '' }
    await db.batchInsert(
      'smart_cache_events',
      Array.from({ length: 2_500 }, () => row),
      50,
    )
    const left: unknown[] = []
    const ledger = new KnexLedger(db, tablesWith('smart_cache_'))
    const retention = { minutesMs: Infinity, hoursMs: Infinity, daysMs: Infinity, eventsMs: 1_000, entriesMs: Infinity, maxEntries: 10 }
    for (let more = true; more;) {
      more = await ledger.prune(retention, 10_000)
      left.push((await db('smart_cache_events').count({ count: '*' }))[0]?.['count'])
    }
    expect(left).to.deep.equal([1_500, 500, 0])
  })

  it('write down as many events as they are to, of a key and of all', async () => {
    const { cache, stats } = await standing({ limits: { eventsPerKey: 2, eventsPerDay: 5 } })
    for (let n = 0; n < 4; n++) for (const key of ['a', 'b', 'c']) await cache.set(key, n)
    expect((await stats.events()).map(({ shown }) => shown)).to.deep.equal(['a', 'b', 'c', 'a', 'b'])
    expect((await stats.report()).totals.fills).to.equal(12)
  })

  it('write down a share of the events, and count all', async () => {
    const { cache, stats } = await standing({ sample: 0 })
    for (let n = 0; n < 5; n++) await cache.getOrSet('a', () => 1)
    expect([(await stats.events()).length, (await stats.report()).totals.requests]).to.deep.equal([0, 5])
  })

  it('show nothing that a rule takes out', async () => {
    const { cache, db, stats } = await standing({ redact: [/bern/i], sample: 1 })
    await cache.getOrSet('city:bern', () => 'Bern', { tags: ['country:CH', 'city:Bern'] })
    await cache.get('city:bern')
    await cache.invalidate('city:Bern')
    await stats.flush()
    expect((await stats.entries()).map(({ shown, tags }) => [shown, tags])).to.deep.equal([['city:…', 'country:CH city:…']])
    for (const table of ['entries', 'events'])
      expect(JSON.stringify(await db(`smart_cache_${table}`).select('shown'))).to.not.match(/bern/i)
  })

  it('write one batch once, though its answer was lost', async () => {
    const { db, cache } = await standing()
    const { knex: losing, lost } = losingAnswers(db)
    const stats = analytics({ knex: losing, cache, prefix: 'losing_', flushEvery: '1h' })
    open.push(() => stats.close())
    await stats.migrate()
    await cache.getOrSet('a', () => 1)
    lost.next = true
    await stats.flush()
    await stats.flush()
    expect(lost.count).to.equal(1)
    expect((await stats.report()).totals.requests).to.equal(1)
  })

  it('go on counting while the database is away, and lose nothing', async () => {
    const { cache, stats, db } = await standing()
    await cache.getOrSet('a', () => 1)
    await stats.flush()
    await db.schema.renameTable('smart_cache_entries', 'elsewhere')
    for (let n = 0; n < 3; n++) {
      await cache.getOrSet('a', () => 1)
      expect(await stats.flush().catch(() => 'failed')).to.equal('failed')
    }
    expect(stats.health.buffered).to.be.above(0)
    expect(stats.health.failure).to.be.an('error')
    await db.schema.renameTable('elsewhere', 'smart_cache_entries')
    await stats.flush()
    expect((await stats.report()).totals).to.include({ requests: 4, hits: 3 })
    expect(stats.health).to.include({ buffered: 0, dropped: 0, failure: undefined })
  })

  it('write down no secret', async () => {
    const { cache, stats, db } = await standing({ sample: 1 })
    const secret = 'pl4nted-S3cret'
    const token = cache.cached(async (word: string) => word, { name: 'token', tags: word => [`of:${word}`] })
    await token(secret)
    await token(secret)
    await cache.getOrSet(`session:${secret}`, () => secret)
    await cache.getOrSet('failing', () => Promise.reject(new Error(secret))).catch(() => undefined)
    await cache.invalidate({ key: `session:${secret}` })
    await cache.invalidate(`of:${secret}`)
    await stats.flush()
    for (const table of TABLES) expect(JSON.stringify(await db(table).select()), table).to.not.include(secret)
    expect(JSON.stringify([await stats.report(), await stats.advice(), await stats.entries(), await stats.events()])).to.not.include(secret)
  })

  it('take whatever names, keys, tags, reasons and filters say for text', async () => {
    const { cache, stats, db } = await standing({ redact: text => text })
    for (const text of INJECTIONS) {
      const name = `n:${text}`
      await cache.set(name, 1)
      await cache.get(name)
      await cache.invalidate(name, { why: text })
      expect(() => cache.cached(() => 1, { name: `f'${text}` }), text).to.throw(ConfigError, 'name')
      await stats.entries({ search: text })
      await stats.events({ name: text, type: text })
    }
    const entries = (await stats.entries({ limit: 1_000 })).map(entry => entry.shown)
    expect(new Set(entries).size).to.equal(INJECTIONS.length)
    for (const text of INJECTIONS.filter(isPlain)) {
      const found = await stats.entries({ search: `n:${text}` })
      expect(
        found.map(entry => entry.shown),
        text,
      ).to.include(`n:${text}`)
    }
    const { rows, totals } = await stats.report()
    expect([totals.purges, totals.fills, totals.errors]).to.deep.equal([INJECTIONS.length, INJECTIONS.length, 0])
    for (const { name, fills } of rows) expect(await stats.events({ name, type: 'fill' }), name).to.have.length(fills)
    for (const table of TABLES) expect(await db.schema.hasTable(table), table).to.equal(true)
  })

  it('can be cleared', async () => {
    const { cache, stats } = await standing()
    await cache.getOrSet('a', () => 1)
    await stats.flush()
    await stats.clear('entries')
    expect([await stats.entries(), (await stats.events()).length > 0]).to.deep.equal([[], true])
    await stats.clear()
    expect((await stats.report()).totals.requests).to.equal(0)
  })

  it('refuse options that cannot be', async () => {
    const { db, cache, stats } = await standing()
    const refused: readonly (readonly [object, string])[] = [
      [{ knex: db, chache: cache }, 'Did you mean `cache`?'],
      [{ knex: {} }, '`knex`'],
      [{ knex: db, cache: {} }, '`cache`'],
      [{ knex: db, prefix: 'a; drop table b' }, '`prefix`'],
      [{ knex: db, sample: 2 }, '`sample`'],
      [{ knex: db, hits: 'yes' }, '`hits`'],
      [{ knex: db, keep: { minute: '1d' } }, '`minutes`'],
      [{ knex: db, limits: { buffer: -1 } }, '`limits.buffer`'],
      [{ knex: db, redact: 'secret' }, '`redact`'],
      [{ knex: db, flushEvery: 'often' }, '`flushEvery`'],
    ]
    for (const [options, message] of refused) expect(() => analytics(options as AnalyticsOptions)).to.throw(ConfigError, message)
    for (const options of [{ by: 'color' }, { days: 0 }, { days: '7' }, { top: -1 }, { dys: 1 }])
      expect(await stats.report(options as object).catch((error: unknown) => error)).to.be.instanceOf(ConfigError)
    expect(await stats.entries({ order: 'hits; drop' as 'hits' }).catch((error: unknown) => error)).to.be.instanceOf(ConfigError)
  })

  it('are nothing to a cache that nobody has given them', async () => {
    const { db } = await standing()
    const cache: Cache = createCache()
    const reading = analytics({ knex: db })
    await cache.set('a', 1)
    expect((await reading.report()).totals.fills).to.equal(0)
    expect(await reading.close()).to.equal(true)
  })
})

/** What is shown as it is: no line breaks, no halves of characters. */
function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Bidi_Control}]/u.test(text)
}

/** A knex of which a transaction that is told to is committed, and whoever sent it hears that it failed. */
function losingAnswers(db: Knex): { readonly knex: Knex; readonly lost: { next: boolean; count: number } } {
  const lost = { next: false, count: 0 }
  const transaction = async (work: (trx: Knex.Transaction) => Promise<unknown>) => {
    const result = await db.transaction(work)
    if (!lost.next) return result
    lost.next = false
    lost.count++
    throw new Error('lost')
  }
  const client = db.client as unknown
  const losing = Object.assign((table: string) => db(table), { client, schema: db.schema, raw: db.raw.bind(db), transaction })
  return { knex: losing as unknown as Knex, lost }
}
