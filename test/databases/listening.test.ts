import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import { notifyOfWrites, stopNotifying } from 'smart-cache/knex'
import { openShop, type Shop } from '../queries/shop.js'
import { databasesOf, SERVERS } from './servers.js'

const [postgresql] = SERVERS

describe('Writes that do not go through the cached knex, on PostgreSQL', () => {
  if (postgresql === undefined) throw new Error('There is no PostgreSQL among the servers')
  const database = databasesOf(postgresql)
  let shop: Shop

  beforeEach(async () => {
    shop = await openShop(database, { queries: { listen: true, default: { rowsBy: ['id'] } } })
    await notifyOfWrites(shop.plain, ['products', 'tills'])
    await until(async () => (await outcome()) !== 'bypass')
  })

  afterEach(() => shop.close())

  const comb = async () => (await shop.db('products').where({ id: 1 }).first('stock')).stock as unknown
  const outcome = async () => (await shop.cache.queries.explain(shop.db('products').where({ id: 1 }).first('stock'))).outcome

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await wait(10)
  }

  it('are heard of, and end what they may have changed', async () => {
    expect([await comb(), await comb()]).to.deep.equal([3, 3])
    await shop.plain('products').where({ id: 1 }).update({ stock: 8 })
    await until(async () => (await outcome()) === 'miss')
    expect(await comb()).to.equal(8)
    await shop.plain.raw('truncate products')
    await until(async () => (await outcome()) === 'miss')
    expect(await shop.db('products').where({ id: 1 })).to.deep.equal([])
  })

  it('are those of others alone: what was written through it has ended what it touches already', async () => {
    await comb()
    shop.purged.length = 0
    await shop.db('products').where({ id: 2 }).update({ stock: 5 })
    await shop.plain('tills').insert({ amount: 7 })
    await until(async () => shop.purged.includes('table tills'))
    expect(shop.purged).to.deep.equal(['whole products', 'row products id=2', 'table tills'])
    expect(await outcome()).to.equal('hit')
  })

  it('may have been made while nobody could be heard: then nothing is served that was kept before', async () => {
    await comb()
    const terminate = 'select pg_terminate_backend(pid) from pg_stat_activity where query = ? and datname = current_database()'
    await shop.plain.raw(terminate, ['listen smart_cache'])
    await until(async () => (await outcome()) === 'bypass')
    await shop.plain('products').where({ id: 1 }).update({ stock: 9 })
    expect(await comb()).to.equal(9)
    await until(async () => (await outcome()) !== 'bypass')
    expect([await comb(), await comb()]).to.deep.equal([9, 9])
    expect(await outcome()).to.equal('hit')
  })

  it('are not told of any more once the triggers are gone', async () => {
    await comb()
    await stopNotifying(shop.plain, ['products'])
    await shop.plain('products').where({ id: 1 }).update({ stock: 8 })
    await shop.plain('tills').insert({ amount: 7 })
    await until(async () => shop.purged.includes('table tills'))
    expect(await comb()).to.equal(3)
  })
})
