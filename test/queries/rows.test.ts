import { expect } from 'chai'
import fc from 'fast-check'
import type { Knex } from 'knex'
import { memoryStore, type Purge, type Store } from 'smart-cache'
import { runs } from '../property.js'
import { openShop, type Shop, type ShopOptions } from './shop.js'
import { sqlite } from './sqlite.js'

const BY_ROWS: ShopOptions = { queries: { default: { rowsBy: ['id', 'category', 'name'] } } }

describe('Rows that are told apart', () => {
  let shop: Shop
  const opened = async (options: ShopOptions = BY_ROWS): Promise<Shop> => {
    shop = await openShop(sqlite, options)
    return shop
  }

  afterEach(() => shop.close())

  const READS: Readonly<Record<string, (db: Knex) => PromiseLike<unknown>>> = {
    'the first': db => db('products').where({ id: 1 }).first(),
    'the second and third': db => db('products').whereIn('id', [2, 3]).select('name'),
    hair: db => db('products').where({ category: 'hair' }).orderBy('id').pluck('stock'),
    soap: db => db('products').where('name', 'soap').andWhere('stock', '>', 1),
    all: db => db('products').orderBy('id'),
    tills: db => db('tills').where({ id: 1 }),
  }

  /** Which of the reads are kept still. */
  async function kept({ db, hits }: Shop): Promise<readonly string[]> {
    const found: string[] = []
    for (const [name, ask] of Object.entries(READS)) {
      const before = hits()
      await ask(db)
      if (hits() > before) found.push(name)
    }
    return found
  }

  const WRITES: Readonly<Record<string, { readonly write: (db: Knex) => PromiseLike<unknown>; readonly ends: readonly string[] }>> = {
    'an update by its id, of what is not told apart': {
      write: db => db('products').where({ id: 2 }).update({ stock: 5 }),
      ends: ['the second and third', 'hair', 'soap', 'all'],
    },
    'an update that says all that is told apart': {
      write: db => db('products').where({ id: 4, category: 'none', name: 'thing' }).update({ stock: 5 }),
      ends: ['all'],
    },
    'an update that returns it': {
      write: db => db('products').where({ id: 4 }).update({ stock: 5 }).returning(['id', 'category', 'name']),
      ends: ['all'],
    },
    'an update that returns everything': {
      write: db => db('products').where('stock', '<', 1).update({ stock: 5 }, '*'),
      ends: ['the second and third', 'hair', 'all'],
    },
    'an update from one value to another': {
      write: db => db('products').where({ id: 4, category: 'skin', name: 'thing' }).update({ category: 'hair' }),
      ends: ['hair', 'all'],
    },
    'an update to another value from one that is not known': {
      write: db => db('products').where({ id: 4 }).update({ category: 'skin' }).returning('*'),
      ends: ['hair', 'all'],
    },
    'an update of nobody knows what': {
      write: db => db('products').whereRaw('stock < 2').update({ stock: 8 }),
      ends: ['the first', 'the second and third', 'hair', 'soap', 'all'],
    },
    'a change of one that was read into one that was not': {
      write: db => db('products').where({ id: 3, category: 'skin', name: 'soap' }).update({ name: 'savon' }),
      ends: ['the second and third', 'soap', 'all'],
    },
    'an insert': {
      write: db => db('products').insert({ name: 'towel', category: 'bath' }),
      ends: ['all'],
    },
    'an insert among what was read': {
      write: db => db('products').insert({ name: 'gel', category: 'Hair' }),
      ends: ['hair', 'all'],
    },
    'an insert that lets the database choose the key': {
      write: db => db('products').insert({ id: null as never, name: 'gel', category: null }),
      ends: ['the first', 'the second and third', 'all'],
    },
    'an insert under a key that was read': {
      write: async db => {
        await db('tills').insert({ id: 7, amount: 3 })
      },
      ends: [],
    },
    'a removal that says all that is told apart': {
      write: db => db('products').whereIn('id', [3, 4]).where({ category: 'skin', name: 'soap' }).del(),
      ends: ['the second and third', 'soap', 'all'],
    },
    'a write to a table on which it hangs': {
      write: db => db('makers').where({ id: 2 }).del(),
      ends: ['the first', 'the second and third', 'hair', 'soap', 'all'],
    },
    'raw SQL that says it': {
      write: db => db.raw('update products set stock = ? where id = ? and category = ? and name = ?', [1, 1, 'hair', 'comb']),
      ends: ['the first', 'hair', 'all'],
    },
    'an invalidation of the table by hand': {
      write: () => shop.cache.invalidate({ table: 'products' }),
      ends: ['the first', 'the second and third', 'hair', 'soap', 'all'],
    },
  }
  for (const [what, { write, ends }] of Object.entries(WRITES)) {
    for (const within of [false, true]) {
      it(`end by ${what}${within ? ' in a transaction' : ''}: ${ends.join(', ') || 'none'}`, async () => {
        const { db } = await opened()
        await kept(shop)
        await (within ? db.transaction(async trx => void (await write(trx))) : write(db))
        const left = await kept(shop)
        expect(Object.keys(READS).filter(name => !left.includes(name))).to.deep.equal(ends)
        for (const ask of Object.values(READS)) expect(await ask(db)).to.deep.equal(await ask(shop.plain))
      })
    }
  }

  it('are named before COMMIT where a statement tells of them only by its answer, if others have to be told', async () => {
    const store = memoryStore()
    const said: string[] = []
    const shared: Store = Object.assign(store, {
      async intend(purges: readonly Purge[]) {
        said.push(...purges.map(({ name }) => name))
        return { stands: () => true }
      },
    })
    const { db, plain } = await opened({ ...BY_ROWS, cache: { store: shared } })
    await db('products').where({ id: 4 }).update({ stock: 5 }).returning(['id', 'category', 'name'])
    expect(said).to.deep.equal(['~whole products', '~row products id=4', '~row products name=thing'])
    const error = await db('products')
      .insert({ name: 'comb', category: 'hair' })
      .then(undefined, (thrown: unknown) => thrown)
    expect(String(error)).to.contain('UNIQUE')
    await plain('products').where({ id: 4 }).update({ stock: 6 })
    expect(await db.transaction(async trx => trx('products').where({ id: 4 }).pluck('stock'))).to.deep.equal([6])
  })

  it('give way to their columns where a transaction touches very many', async () => {
    const { db, purged } = await opened()
    const names = Array.from({ length: 600 }, (_, index) => `thing ${index}`)
    await db.transaction(async trx => {
      for (const name of names) await trx('products').insert({ name, category: name })
    })
    expect([...new Set(purged)]).to.have.members(['whole products', 'rows products id', 'rows products category', 'rows products name'])
  })

  it('are answered as the database has them, whatever is written', async () => {
    const { db, plain } = await opened({ queries: { default: { rowsBy: ['category', 'name', 'id'] } } })
    const TEXTS = ['hair', 'HAIR', 'skin', 'ä', '7', ' 7']
    const [id, text, number] = [fc.integer({ min: 1, max: 6 }), fc.constantFrom(...TEXTS), fc.nat(3)]
    const value = fc.oneof(text, fc.constant(null))
    type Act = (on: Knex) => PromiseLike<unknown>
    const act = fc.oneof(
      fc.record({ id, number }).map(
        (at): Act =>
          on =>
            on('products').where({ id: at.id }).update({ stock: at.number }),
      ),
      fc.record({ id, value }).map(
        (at): Act =>
          on =>
            on('products').where({ id: at.id }).update({ category: at.value }).returning('*'),
      ),
      fc.record({ text, value }).map(
        (at): Act =>
          on =>
            on('products').where({ category: at.text }).update({ category: at.value }),
      ),
      fc.record({ text, number }).map(
        (at): Act =>
          on =>
            on('products').where('category', at.text).update({ stock: at.number }, ['id', 'name', 'category']),
      ),
      fc.record({ id, text }).map(
        (at): Act =>
          on =>
            on('products').insert({ id: at.id, name: at.text, category: at.text }),
      ),
      fc.record({ value }).map(
        (at): Act =>
          on =>
            on('products').insert({ name: `new ${Math.random()}`, category: at.value }),
      ),
      fc.record({ text }).map(
        (at): Act =>
          on =>
            on('products').where({ category: at.text }).limit(1).del(),
      ),
      fc.record({ id }).map(
        (at): Act =>
          on =>
            on('products').where({ id: at.id }).del('*'),
      ),
      fc.record({ id, number }).map(
        (at): Act =>
          on =>
            on('products').insert({ id: at.id, name: 'up', stock: at.number }).onConflict('id').merge(),
      ),
      fc.record({ id, number }).map(
        (at): Act =>
          on =>
            on.raw('update products set id = id + 10 where id = ? and stock = ?', [at.id, at.number]),
      ),
    )
    const questions: readonly Act[] = [
      ...[1, 2, 3, 4, 5, 6, 11].map(
        (at): Act =>
          on =>
            on('products').where({ id: at }),
      ),
      ...TEXTS.map(
        (at): Act =>
          on =>
            on('products').where({ category: at }).orderBy('id'),
      ),
      ...TEXTS.map(
        (at): Act =>
          on =>
            on('products').where({ name: at }).first(),
      ),
      on =>
        on('products')
          .whereIn('id', [2, '4' as never])
          .where('category', 'hair'),
      on => on('products').whereIn('category', ['hair', 'skin']).sum({ stock: 'stock' }),
      on => on('products').where({ id: 1 }).orWhere({ category: 'skin' }).orderBy('id'),
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 12 }), async steps => {
        for (const [write, within] of steps) {
          await Promise.resolve(within ? db.transaction(async trx => void (await write(trx))) : write(db)).catch(() => undefined)
          for (const ask of questions) expect(await ask(db)).to.deep.equal(await ask(plain))
        }
      }),
      runs(20),
    )
  })
})
