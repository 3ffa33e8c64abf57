import type { Knex } from 'knex'

/** `function` keeps by a function around the query as well. */
export type Way = 'plain' | 'cached' | 'function'

interface Task {
  /** Whose queries are kept meanwhile. */
  readonly tables: readonly string[]
  /** @default plain and cached */
  readonly ways?: readonly [Way, ...Way[]]
  /** After so many turns it is the same question again. */
  readonly repeats?: number
  readonly run: (db: Knex, turn: number) => PromiseLike<unknown>
}

export const TASKS: Readonly<Record<string, Task>> = {
  'A row by its key, kept': {
    tables: ['products'],
    ways: ['plain', 'cached', 'function'],
    repeats: 500,
    run: (db, turn) =>
      db('products')
        .where({ id: (turn % 500) + 1 })
        .first(),
  },
  'A row by its key, kept for the first time': {
    tables: ['products'],
    run: (db, turn) =>
      db('products')
        .where({ id: (turn % 500) + 1 })
        .where('price', '>', -1 - turn)
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
