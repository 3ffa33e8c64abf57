import { pipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'
import type { Knex } from 'knex'
import type { Database } from './shop.js'

/** A way to write, each of which changes what some probe reads. */
export interface WriteForm {
  readonly name: string
  readonly dialects?: readonly Database['dialect'][]
  /** It commits by itself on these, so no rollback takes it back. */
  readonly commitsOn?: readonly Database['dialect'][]
  /** Something in it fails, which may end a transaction without a word: so it purges whatever becomes of that. */
  readonly fails?: boolean
  write(db: Knex): PromiseLike<unknown>
}

const isMysql = (db: Knex) => (db.client as { readonly dialect: string }).dialect === 'mysql'

const RETURNING = ['sqlite', 'postgresql'] as const

export const WRITE_FORMS: readonly WriteForm[] = [
  { name: 'insert', write: db => db('products').insert({ name: 'towel', category: 'skin' }) },
  { name: 'insert of several rows', write: db => db('products').insert([{ name: 'a' }, { name: 'b', category: 'hair' }]) },
  { name: 'insert returning', dialects: RETURNING, write: db => db('products').insert({ name: 'towel' }).returning('*') },
  {
    name: 'insert into named columns of what is selected',
    write: db => db(db.raw('?? (??)', ['tills', 'amount'])).insert(db('products').select('stock')),
  },
  {
    name: 'with … insert',
    dialects: RETURNING,
    write: db => db.raw('with x as (select stock from products) insert into tills (amount) select stock from x'),
  },
  {
    name: 'insert … with',
    dialects: ['mysql'],
    write: db => db.raw('insert into tills (amount) with x as (select stock from products) select stock from x'),
  },
  { name: 'update', write: db => db('products').where({ name: 'comb' }).update({ stock: 77 }) },
  { name: 'update of all', write: db => db('products').update({ category: 'all' }) },
  { name: 'update returning', dialects: RETURNING, write: db => db('products').where({ name: 'comb' }).update({ stock: 77 }, ['id']) },
  {
    name: 'update by another table',
    write: db =>
      db('products')
        .whereIn('maker', db('makers').select('id').where({ name: 'Ben' }))
        .update({ stock: 55 }),
  },
  { name: 'increment', write: db => db('products').where({ name: 'comb' }).increment('stock', 5) },
  { name: 'decrement', write: db => db('tills').where({ amount: 10 }).decrement({ amount: 1 }) },
  { name: 'delete', write: db => db('products').where({ name: 'soap' }).del() },
  { name: 'delete that cascades', write: db => db('makers').where({ id: 2 }).delete() },
  { name: 'truncate', commitsOn: ['mysql'], write: db => db('tills').truncate() },
  {
    name: 'upsert that merges',
    write: db => db('products').insert({ name: 'comb', stock: 42 }).onConflict('name').merge(['stock']),
  },
  {
    name: 'batchInsert',
    write: db => db.batchInsert('tills', [{ amount: 1 }, { amount: 2 }, { amount: 3 }], 2),
  },
  { name: 'raw insert', write: db => db.raw('insert into tills (amount) values (?)', [5]) },
  { name: 'raw update', write: db => db.raw('update ?? set ?? = ?', ['products', 'stock', 66]) },
  { name: 'raw delete with a comment before it', write: db => db.raw('/* tidy */ -- up\n delete from products where stock = 0') },
  {
    name: 'raw update with a subquery',
    write: db => db.raw('update products set stock = (select max(amount) from tills) where maker = 1'),
  },
  {
    name: 'stream of what was written',
    write: db =>
      pipeline(
        db.raw(`insert into tills (amount) values (8)${isMysql(db) ? '' : ' returning *'}`).stream(),
        new Writable({ objectMode: true, write: (_row, _encoding, done) => done() }),
      ),
  },
  {
    name: 'raw insert with named bindings',
    write: db => db.raw('insert into :table: (:column:) values (:value)', { table: 'tills', column: 'amount', value: 6 }),
  },
  {
    name: 'failed statement that the caller caught, and an update',
    // PostgreSQL lets nothing follow within a transaction.
    dialects: ['sqlite', 'mysql'],
    fails: true,
    write: async db => {
      await db('products')
        .insert({ name: 'comb' })
        .then(undefined, () => undefined)
      await db('products').where({ name: 'comb' }).update({ stock: 12 })
    },
  },
  {
    name: 'several kinds, one after the other',
    write: async db => {
      await db('tills').insert({ amount: 33 })
      await db('makers').where({ id: 1 }).update({ name: 'Anna' })
      await db('products').where({ name: 'brush' }).del()
    },
  },
  {
    name: 'change of the schema',
    commitsOn: ['mysql'],
    write: db => db.schema.alterTable('tills', table => void table.integer('change').defaultTo(4)),
  },
  {
    name: 'table dropped and made again',
    commitsOn: ['mysql'],
    write: async db => {
      await db.schema.dropTable('tills')
      await db.schema.createTable('tills', table => void table.integer('amount'))
    },
  },
]

/** What is kept before the write, and asked for after it. */
export const PROBES: readonly ((db: Knex) => PromiseLike<unknown>)[] = [
  db => db('products').orderBy('id'),
  db => db('products').where({ category: 'hair' }).orderBy('id'),
  db => db('products').where({ name: 'comb' }).first(),
  db => db('products').where({ name: 'towel' }).first(),
  db => db('products').orderBy('name').pluck('name'),
  db => db('products').join('makers', 'makers.id', 'products.maker').select('products.name', 'makers.name as by').orderBy('products.id'),
  db => db('products').sum({ stock: 'stock' }).first(),
  db => db('tills').orderBy('amount'),
  db => db('tills').whereIn('amount', db('products').select('stock')).orderBy('amount'),
  db => db('makers').whereExists(db('products').whereRaw('products.maker = makers.id').select('id')).orderBy('id'),
  db => db('tills').select('amount').unionAll(db('products').select('stock as amount')).orderBy('amount'),
  db =>
    db
      .with('rich', db('tills').where('amount', '>', 5))
      .from('rich')
      .count({ n: '*' })
      .first(),
]
