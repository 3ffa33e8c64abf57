import { expect } from 'chai'
import type { Knex } from 'knex'
import type { HeardChange } from 'smart-cache'
import { openShop, type Database, type Shop } from './shop.js'

type Product = Readonly<Record<string, unknown>>

/** Writes of which it is known what rows were and what they are, on one database. */
export function trackedWrites(database: Database): void {
  describe(`Tracked writes on ${database.name}`, () => {
    let shop: Shop
    let heard: string[]

    beforeEach(async () => {
      shop = await openShop(database, { queries: { tables: { products: { rowsBy: ['id', 'category'], model: 'product' }, makers: {} } } })
      heard = []
      const hear = ({ model, kind, before, after }: HeardChange<Product>) =>
        heard.push(`${model} ${kind}: ${told(before)} → ${told(after)}`)
      shop.cache.signals.on('product', ['saved', 'deleted'], hear)
      shop.cache.signals.on('makers', ['saved', 'deleted'], hear)
    })

    afterEach(() => shop.close())

    const told = (row: Product | undefined) => (row === undefined ? 'nothing' : [row['name'], row['category'], row['stock']].join(' '))
    const hair = (db: Knex) => db('products').where({ category: 'hair' }).orderBy('id').pluck('stock')
    const skin = (db: Knex) => db('products').where({ category: 'skin' }).orderBy('id').pluck('name')
    const second = (db: Knex) => db('products').where({ id: 2 }).first()

    it('tell what rows were and what they are', async () => {
      const { db, plain } = shop
      const tracked = await db('products').where('stock', '<', 1).orWhere({ name: 'comb' }).trackedUpdate({ category: 'skin' })
      expect(tracked.map(({ before, after }) => `${told(before)} → ${told(after)}`)).to.have.members([
        'comb hair 3 → comb skin 3',
        'brush hair 0 → brush skin 0',
      ])
      expect(await plain('products').where({ category: 'skin' }).orderBy('id').pluck('name')).to.deep.equal(['comb', 'brush', 'soap'])
      expect(heard).to.have.members(['product saved: comb hair 3 → comb skin 3', 'product saved: brush hair 0 → brush skin 0'])
    })

    it('end what was read of these rows alone, as they were and as they are', async () => {
      const { db, plain } = shop
      for (const ask of [hair, skin, second]) await ask(db)
      await db('products').where('name', 'comb').trackedUpdate({ stock: 8 })
      const hits = shop.hits()
      for (const ask of [hair, skin, second]) expect(await ask(db)).to.deep.equal(await ask(plain))
      expect(shop.hits() - hits).to.equal(2)
      await db('products').where({ id: 2 }).trackedUpdate({ category: 'skin' })
      expect(shop.hits() - hits).to.equal(2)
      for (const ask of [hair, skin, second]) expect(await ask(db)).to.deep.equal(await ask(plain))
      expect(shop.hits() - hits).to.equal(2)
    })

    it('are possible also in a transaction during which what is known of the tables has been forgotten', async () => {
      const { db, cache } = shop
      await db.transaction(async trx => {
        await trx('makers')
        await cache.clear()
        await trx('products').where({ name: 'comb' }).trackedUpdate({ stock: 8 })
      })
      expect(heard).to.deep.equal(['product saved: comb hair 3 → comb hair 8'])
    })

    it('remove rows in the same way', async () => {
      const { db, plain } = shop
      for (const ask of [hair, skin, second]) await ask(db)
      const removed = await db('products').whereIn('name', ['comb', 'nobody']).trackedDelete()
      expect(removed.map(({ before, after }) => [told(before), after])).to.deep.equal([['comb hair 3', undefined]])
      const hits = shop.hits()
      for (const ask of [hair, skin, second]) expect(await ask(db)).to.deep.equal(await ask(plain))
      expect(shop.hits() - hits).to.equal(2)
      expect(heard).to.deep.equal(['product deleted: comb hair 3 → nothing'])
    })

    it('are heard of after the COMMIT of their transaction, and not after its rollback', async () => {
      const { db } = shop
      const trx = await db.transaction()
      await trx('products').where({ id: 1 }).trackedUpdate({ stock: 4 })
      expect(heard).to.deep.equal([])
      await trx.commit()
      expect(heard).to.deep.equal(['product saved: comb hair 3 → comb hair 4'])
      await db
        .transaction(async inner => {
          await inner('products').where({ id: 1 }).trackedUpdate({ stock: 5 })
          throw new Error('taken back')
        })
        .catch(() => undefined)
      await db.transaction(async outer => {
        await outer('products').where({ id: 2 }).trackedUpdate({ stock: 6 })
        await outer
          .transaction(async inner => {
            await inner('products').where({ id: 1 }).trackedDelete()
            throw new Error('taken back')
          })
          .catch(() => undefined)
      })
      expect(heard.slice(1)).to.deep.equal(['product saved: brush hair 0 → brush hair 6'])
    })

    it('are those that return everything, where the database can', async () => {
      const { db } = shop
      // What speaks its dialect may be MySQL, where nothing can be returned.
      if (database.dialect === 'mysql' && !(await versionOf(db)).includes('MariaDB')) return
      if (database.dialect === 'mysql') await db.raw('insert into products (name, stock) values (?, ?) returning *', ['towel', 2])
      else await db('products').insert({ name: 'towel', stock: 2 }).returning('*')
      await db.transaction(trx => trx.raw('delete from makers where id = ? returning *', [7]))
      await db.raw('delete from products where name = ? returning *', ['towel'])
      expect(heard).to.deep.equal(['product saved: nothing → towel  2', 'product deleted: towel  2 → nothing'])
    })

    it('change no key, and need one', async () => {
      const { db } = shop
      await db.schema.createTable('keyless', table => void table.integer('n'))
      const refused = async (write: PromiseLike<unknown>) => String(await Promise.resolve(write).catch((error: unknown) => error))
      expect(await refused(db('keyless').trackedUpdate({ n: 1 }))).to.contain('primary key')
      expect(await refused(db('products').trackedUpdate({ id: 9 }))).to.contain('cannot change the key')
      expect(await refused(db('products as p').trackedUpdate({ stock: 9 }))).to.contain('one table')
    })
  })
}

async function versionOf(db: Knex): Promise<string> {
  const [[row]] = (await db.raw('select version() as version')) as [[{ readonly version: string }]]
  return row.version
}
