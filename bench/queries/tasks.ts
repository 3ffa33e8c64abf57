import type { Knex } from 'knex'

/** What is measured: each with the tables whose queries are kept meanwhile. */
export const TASKS: Readonly<
  Record<string, { readonly tables: readonly string[]; readonly run: (db: Knex, turn: number) => PromiseLike<unknown> }>
> = {
  'A row by its key, kept': {
    tables: ['products'],
    run: (db, turn) =>
      db('products')
        .where({ id: (turn % 500) + 1 })
        .first(),
  },
  'The ten dearest of a category, kept': {
    tables: ['products'],
    run: (db, turn) =>
      db('products')
        .where({ category: `category ${turn % 20}` })
        .orderBy('price', 'desc')
        .limit(10),
  },
  'Totals of all categories, kept': {
    tables: ['products'],
    run: db => db('products').select('category').sum({ price: 'price' }).groupBy('category'),
  },
  'A row by its key, not kept': {
    tables: [],
    run: (db, turn) =>
      db('products')
        .where({ id: (turn % 500) + 1 })
        .first(),
  },
  'An update by itself': {
    tables: ['products'],
    run: (db, turn) =>
      db('products')
        .where({ id: (turn % 500) + 1 })
        .update({ price: turn }),
  },
  'An insert by itself': { tables: ['products'], run: db => db('sales').insert({ product: 7, amount: 3 }) },
  'A transaction of two updates': {
    tables: ['products'],
    run: (db, turn) =>
      db.transaction(async trx => {
        await trx('products').where({ id: 1 }).update({ price: turn })
        await trx('products').where({ id: 2 }).update({ price: turn })
      }),
  },
}
