import type { Knex } from 'knex'
import type { Database } from './shop.js'

type Ask = (db: Knex) => PromiseLike<unknown>

/** A write whose text does not say, or not plainly, what it changes; and reads of which some change by it. */
export interface HiddenWrite {
  readonly name: string
  readonly dialects?: readonly Database['dialect'][]
  /** Made in the empty shop, past the cache. */
  readonly prepare?: Ask
  readonly reads: readonly Ask[]
  readonly write: Ask
}

const raw =
  (...statements: readonly string[]): Ask =>
  async db => {
    let answer: unknown
    for (const statement of statements) answer = await db.raw(statement)
    // The rows alone: PostgreSQL, MySQL, SQLite.
    if (!Array.isArray(answer)) return (answer as { readonly rows: unknown }).rows
    return Array.isArray(answer[0]) ? (answer[0] as unknown) : answer
  }

const products: Ask = db => db('products').orderBy('id')
const tills: Ask = db => db('tills').orderBy('id')
const makers: Ask = db => db('makers').orderBy('id')
const all = [products, tills, makers]
const restock: Ask = db => db('products').update({ stock: 71 })

const BUMP = 'create function bump() returns int language sql volatile as $$ update tills set amount = amount + 1 returning amount $$'
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  sqlite3: ['create trigger acts after update on products begin update tills set amount = amount + 1; end'],
  mysql: ['create trigger acts after update on products for each row update tills set amount = amount + 1'],
  postgresql: [
    'create function act() returns trigger language plpgsql as $$ begin update tills set amount = amount + 1; return null; end $$',
    'create trigger acts after update on products execute function act()',
  ],
}
const EVENTS = `create table events (id int, name text) partition by list (id);
create table events1 partition of events for values in (1); create table events2 partition of events for values in (2);
insert into events values (1, 'a'), (2, 'b')`

export const HIDDEN_WRITES: readonly HiddenWrite[] = [
  {
    name: 'in other case, among comments, by another name',
    dialects: ['sqlite', 'postgresql'],
    reads: all,
    write: raw('/* select */ UPDATE PRODUCTS -- tills\n AS p SET STOCK = 44'),
  },
  {
    name: 'to what a view shows',
    prepare: db =>
      raw(
        'create view stocked as select * from products where stock > 0',
        'create view named as select s.id, m.name from stocked s join makers m on m.id = s.maker',
      )(db),
    reads: [db => db('stocked').where({ id: 1 }), db => db('named').orderBy('id')],
    write: db => db('makers').update({ name: 'Zoe' }),
  },
  {
    name: 'by a trigger',
    prepare: db => raw(...(TRIGGERS[(db.client as { readonly dialect: string }).dialect] ?? []))(db),
    reads: all,
    write: db => db('products').where({ id: 1 }).update({ stock: 5 }),
  },
  {
    name: 'by keys of a table to itself, and from table to table',
    prepare: async db => {
      await db.schema.createTable('tree', table => {
        table.integer('id').primary()
        table.integer('up').references('id').inTable('tree').onDelete('cascade')
      })
      await db('tree').insert([{ id: 1 }, { id: 2, up: 1 }])
      await db('tree').insert({ id: 3, up: 2 })
    },
    reads: [db => db('tree').where({ id: 3 }), ...all],
    write: async db => {
      await db('tree').where({ id: 1 }).del()
      await db('makers').where({ id: 1 }).del()
    },
  },
  {
    name: 'to a renamed table, and a dropped one',
    reads: [db => db('goods').orderBy('id'), db => db('products').orderBy('id')],
    write: async db => {
      await db.schema.renameTable('products', 'goods')
      await db.schema.createTable('products', table => void table.integer('id'))
    },
  },
  {
    name: 'in tables with odd names',
    prepare: async db => {
      for (const name of ['order details', 'Group', 'we`ird"']) {
        await db.schema.createTable(name, table => void table.integer('id').primary())
      }
    },
    reads: [db => db('order details'), db => db('Group').where({ id: 1 }), db => db('we`ird" as w').where('w.id', 1)],
    write: async db => {
      for (const name of ['order details', 'Group', 'we`ird"']) await db(name).insert({ id: 1 })
    },
  },
  {
    name: 'in a transaction that is committed by hand, and not waited for',
    reads: all,
    write: db => db.transaction(trx => void restock(trx).then(() => trx.commit())),
  },
  {
    name: 'in a transaction of which another promise is waited for',
    reads: all,
    write: async db => {
      const trx = await db.transaction(undefined, { doNotRejectOnRollback: true })
      await restock(trx)
      void trx.commit()
      await trx.executionPromise
    },
  },
  {
    name: 'on a connection that is given',
    reads: all,
    write: async db => {
      const client = db.client as { acquireConnection(): Promise<object>; releaseConnection(connection: object): Promise<void> }
      const connection = await client.acquireConnection()
      try {
        await db('tills').connection(connection).update({ amount: 3 })
        await db.transaction(async trx => void (await restock(trx)), { connection })
      } finally {
        await client.releaseConnection(connection)
      }
    },
  },
  {
    name: 'beside a transaction that goes on seeing what was before',
    dialects: ['postgresql', 'mysql'],
    reads: all,
    write: async db => {
      const old = await db.transaction(undefined, { isolationLevel: 'repeatable read' })
      await products(old)
      await restock(db)
      await products(old)
      await db('products').transacting(old).orderBy('id')
      await old.commit()
    },
  },
  {
    name: 'after an error that the caller caught',
    reads: all,
    write: db => Promise.resolve(raw('insert into nowhere values (1)')(db)).catch(() => restock(db)),
  },
  {
    name: 'by a value of another type',
    reads: [db => db('products').where({ id: '1' }), db => db('products').whereIn('id', [1, '2'])],
    write: db => db('products').where('id', '1').update({ stock: 8 }),
  },
  {
    name: 'by conditions of another shape',
    reads: [
      db => db('products').whereRaw('not (id = ?)', [1]).orderBy('id'),
      db => db('products').whereRaw('(id = ? or id = ?)', [1, 3]).orderBy('id'),
      db => db('products').whereNull('category'),
      db => db('products').where({ category: 'hair' }).orderBy('id'),
    ],
    write: async db => {
      await db('products').whereRaw('upper(name) = ?', ['SOAP']).update({ stock: 63 })
      await db('products').whereNull('category').update({ category: 'hair' })
    },
  },

  // SQLite
  {
    name: 'to a table that is named by a literal',
    dialects: ['sqlite'],
    reads: [...all, raw("select p.stock, t.amount from 'products' p join tills t order by 1, 2")],
    write: raw("update 'products' set stock = (select max(amount) from tills)", "insert into 'tills' (amount) select stock from products"),
  },
  {
    name: 'that makes room for itself, and so sets off keys',
    dialects: ['sqlite'],
    prepare: raw(
      'create table bosses (id integer primary key on conflict replace, name text)',
      'create table crew (id integer primary key, boss integer references bosses(id) on delete cascade)',
      "insert into bosses values (1, 'a')",
      'insert into crew values (1, 1)',
    ),
    reads: [db => db('crew'), db => db('bosses')],
    write: db => db('bosses').insert({ id: 1, name: 'b' }),
  },
  {
    name: 'to the tables that SQLite and its modules keep for themselves',
    dialects: ['sqlite'],
    prepare: raw(
      'create virtual table texts using fts5(body)',
      "create virtual table words using fts5vocab(texts, 'row')",
      "create virtual table names using fts5(name, content='products', content_rowid='id')",
      "insert into names(names) values ('rebuild')",
    ),
    reads: [
      db => db('sqlite_sequence').where({ name: 'tills' }),
      db => db('words').orderBy('term'),
      db => db('texts_content'),
      db => db('names').select('name').orderBy('name'),
    ],
    write: async db => {
      await db('tills').insert({ amount: 1 })
      await db('texts').insert({ body: 'new text' })
      await db('products').where({ id: 1 }).update({ name: 'zebra' })
    },
  },
  {
    name: 'to the number of a row',
    dialects: ['sqlite'],
    reads: [db => db('products').where({ id: 9 }), db => db('products').where({ id: 3 })],
    write: db => db('products').where({ id: 3 }).update({ rowid: 9 }),
  },
  {
    name: 'by a trigger of a view',
    dialects: ['sqlite'],
    prepare: raw(
      'create view shown as select id, name from products',
      'create trigger acts instead of update on shown begin update tills set amount = 77; end',
    ),
    reads: all,
    write: db => db('shown').where({ id: 1 }).update({ name: 'x' }),
  },

  // PostgreSQL
  {
    name: 'that truncates what refers to it',
    dialects: ['postgresql'],
    prepare: async db => {
      await db.schema.createTable('slips', table => void table.integer('till').references('id').inTable('tills'))
      await db('slips').insert({ till: 1 })
    },
    reads: [db => db('slips'), tills],
    write: raw('truncate tills cascade'),
  },
  { name: 'by a function', dialects: ['postgresql'], prepare: raw(BUMP), reads: all, write: raw('select * from bump()') },
  {
    name: 'by a view that calls a function',
    dialects: ['postgresql'],
    prepare: raw(BUMP, 'create view bumping as select bump()'),
    reads: all,
    write: db => db('bumping'),
  },
  {
    name: 'by a function that says that it only reads, and calls another',
    dialects: ['postgresql'],
    prepare: raw(BUMP, 'create function quiet() returns int language plpgsql stable as $$ begin return bump(); end $$'),
    reads: all,
    write: raw('select quiet()'),
  },
  {
    name: 'by the default of a column',
    dialects: ['postgresql'],
    prepare: raw(BUMP, 'alter table products add column turn int', 'alter table products alter column turn set default bump()'),
    reads: all,
    write: db => db('products').insert({ name: 'new' }),
  },
  {
    name: 'to what a function reads that is called like a column',
    dialects: ['postgresql'],
    prepare: raw('create function by(p products) returns text language sql stable as $$ select name from makers where id = p.maker $$'),
    reads: [raw('select p.id, p.by from products p order by 1')],
    write: db => db('makers').update({ name: 'New' }),
  },
  {
    name: 'to what a function reads by SQL made at run time',
    dialects: ['postgresql'],
    prepare: raw(
      "create function total() returns bigint language plpgsql stable as $$ declare n bigint; begin execute 'select sum(stock) from products' into n; return n; end $$",
    ),
    reads: [
      raw('select total()'),
      raw("select id, query_to_xml('select sum(stock) from products', true, false, '')::text as x from makers order by 1"),
    ],
    write: restock,
  },
  {
    name: 'to a table that is read by its name alone',
    dialects: ['postgresql'],
    reads: [
      raw('select id, exists(table products offset 4) as x from products where id = 1'),
      db =>
        db
          .raw('select id, exists(table products offset 4) as x from products where id = ?', [1])
          .then(({ rows }: { rows: unknown }) => rows),
    ],
    write: db => db('products').insert({ id: 50, name: 'fifty' }),
  },
  {
    name: 'by a rule',
    dialects: ['postgresql'],
    prepare: raw('create rule acts as on update to makers do also update products set stock = stock + 1'),
    reads: all,
    write: db => db('makers').update({ name: 'x' }),
  },
  {
    name: 'to a part of a table',
    dialects: ['postgresql'],
    prepare: raw(EVENTS),
    reads: [db => db('events').orderBy('id'), db => db('events').where({ id: 1 }), db => db('events1')],
    write: db => db('events1').where({ id: 1 }).update({ name: 'c' }),
  },
  {
    name: 'to a table of the same name in another schema',
    dialects: ['postgresql'],
    prepare: raw('create schema other; create table other.products (id int primary key, name text)'),
    reads: [db => db.withSchema('other').from('products'), db => db('other.products').where({ id: 1 })],
    write: db => db.withSchema('other').into('products').insert({ id: 1, name: 'x' }),
  },
  {
    name: 'by a prepared statement, a block and a procedure',
    dialects: ['postgresql'],
    prepare: raw('create procedure act() language sql as $$ update tills set amount = 4 $$'),
    reads: all,
    write: raw('do $$ begin update products set stock = 3; end $$', 'call act()'),
  },
  {
    name: 'in a common table expression',
    dialects: ['postgresql'],
    reads: all,
    write: raw('with gone as (delete from tills returning amount) update products set stock = (select max(amount) from gone)'),
  },

  // MySQL and MariaDB
  {
    name: 'to what a procedure and a function read',
    dialects: ['mysql'],
    prepare: raw(
      'create procedure listed() select * from products order by id',
      'create function total() returns int deterministic reads sql data return (select sum(stock) from products)',
    ),
    reads: [db => db.raw('call listed()').then(([[rows]]: [[unknown]]) => rows), raw('select total() as n')],
    write: restock,
  },
  {
    name: 'by a function of another database',
    dialects: ['mysql'],
    prepare: async db => {
      const [[{ name }]] = (await db.raw('select database() as name')) as [[{ name: string }]]
      await raw('create database if not exists toolbox', 'drop function if exists toolbox.act')(db)
      await raw(
        `create function toolbox.act() returns int deterministic modifies sql data begin update ${name}.products set stock = 3; return 1; end`,
      )(db)
    },
    reads: all,
    write: raw('select toolbox.act()'),
  },
  {
    name: 'to a table that no rollback takes back',
    dialects: ['mysql'],
    prepare: raw('create table notes (id int primary key, name varchar(20)) engine=myisam', "insert into notes values (1, 'a')"),
    reads: [db => db('notes'), db => db('notes').where({ id: 1 })],
    write: db =>
      db
        .transaction(async trx => {
          await trx('notes').where({ id: 1 }).update({ name: 'b' })
          throw new Error('taken back')
        })
        .catch(() => undefined),
  },
  {
    name: 'to text that counts as equal',
    dialects: ['mysql'],
    reads: ['COMB', 'comb ', 'cömb', 'comb'].map(name => (db: Knex) => db('products').where({ name })),
    write: db => db('products').where({ name: 'Comb' }).update({ stock: 64 }),
  },
  {
    name: 'where a literal holds an escaped quote',
    dialects: ['mysql'],
    reads: [raw("select id, stock, 'it\\'s' as x from products order by id")],
    write: restock,
  },
  {
    name: 'where a literal ends with a backslash',
    dialects: ['postgresql'],
    reads: [raw("select id, stock, 'it\\' || 's' as x from products order by id")],
    write: restock,
  },
  {
    name: 'of several tables at once',
    dialects: ['mysql'],
    reads: all,
    write: raw("update products p join makers m on m.id = p.maker set p.stock = 5, m.name = concat(m.name, 'x')"),
  },
]
