import { expect } from 'chai'
import knex from 'knex'
import { openShop, type Shop } from './shop.js'
import { sqlite } from './sqlite.js'

describe('An explained query', () => {
  let shop: Shop

  beforeEach(async () => {
    shop = await openShop(sqlite, {
      queries: {
        database: 'shop',
        tables: { Products: { rowsBy: ['id'], model: 'product' }, makers: { cacheQueryset: false, cacheTable: true } },
      },
    })
  })

  afterEach(() => shop.close())

  it('is told by its key, what it reads, and what is kept of it; nothing happens', async () => {
    const { db, cache, hits, fills } = shop
    const query = () => db('products').where({ id: 2 })
    const before = await cache.queries.explain(query())
    expect(before).to.include({ sql: 'select * from `products` where `id` = ?', outcome: 'miss', reason: 'absent', entry: undefined })
    expect(before.tables).to.deep.equal(['products'])
    expect(before.rows).to.deep.equal(['products id=2'])
    await query()
    const { outcome, key, entry } = await cache.queries.explain(query())
    expect({ outcome, key }).to.deep.equal({ outcome: 'hit', key: before.key })
    expect(entry).to.have.all.keys('createdAt', 'staleAt', 'deleteAt', 'bytes')
    expect([hits(), fills()]).to.deep.equal([0, 1])
    await db('products').where({ id: 3 }).update({ stock: 3 })
    expect((await cache.queries.explain(query())).outcome).to.equal('hit')
    await db('products').where({ id: 2 }).update({ stock: 3 })
    expect((await cache.queries.explain(query())).outcome).to.equal('miss')
    expect((await cache.queries.explain(db('products').where('stock', 2))).rows).to.equal(undefined)
  })

  it('says why it is not kept', async () => {
    const { db, cache } = shop
    const reasonOf = async (query: unknown) => {
      const { outcome, reason } = await cache.queries.explain(query)
      return outcome === 'bypass' ? reason : outcome
    }
    expect(await reasonOf(db('products').noCache())).to.equal('noCache() was said')
    expect(await reasonOf(db('tills'))).to.equal('the table tills is not registered')
    expect(await reasonOf(db('tills').cache())).to.equal('miss')
    expect(await reasonOf(db('makers').where({ id: 1 }))).to.equal('its table keeps no such query')
    expect(await reasonOf(db('nowhere'))).to.equal('it names a table that is not known')
    expect(await reasonOf(db('products').forUpdate().orderByRaw('random()'))).to.equal('random() is not made of tables')
    expect(await reasonOf(db('products').update({ stock: 1 }))).to.equal('it is no read')
    await db.transaction(async trx => expect(await reasonOf(trx('products'))).to.equal('it is sent in a transaction'))
  })

  it('is one of this cache', async () => {
    const other = knex({ client: 'pg' })
    for (const query of [other('products'), 'select 1', undefined]) {
      const error: unknown = await shop.cache.queries.explain(query).catch((thrown: unknown) => thrown)
      expect(error).to.include({ code: 'ERR_CACHE_CONFIG' })
    }
  })

  it('reads tables, of which those are listed that are registered', () => {
    expect(shop.cache.queries.registered()).to.deep.equal([
      { database: 'sqlite:shop', table: 'products', cacheTable: false, cacheQueryset: true, rowsBy: ['id'], model: 'product' },
      { database: 'sqlite:shop', table: 'makers', cacheTable: true, cacheQueryset: false, rowsBy: [], model: 'makers' },
    ])
    expect(shop.cache.namespace('other').queries.registered()).to.deep.equal([])
  })
})
