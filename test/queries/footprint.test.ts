import { expect } from 'chai'
import { Catalog, type Inventory } from '../../lib/queries/catalog.js'
import { readSyntax } from '../../lib/queries/syntax.js'
import type { Dialect } from '../../lib/queries/tokens.js'

const NOTHING: Inventory = {
  tables: [],
  schemas: undefined,
  views: [],
  cascades: [],
  triggers: [],
  functions: [],
  volatile: [],
  columns: [],
  untransacted: [],
}

const SHOP: Inventory = {
  ...NOTHING,
  tables: ['products', 'orders', 'Lines', 'stats', 'log', 'order details'],
  views: [
    { name: 'popular', body: 'select * from products join lines on true' },
    { name: 'best', body: 'select * from popular limit 3' },
    { name: 'recent', body: 'select * from orders where at > now()' },
    { name: 'hidden', body: undefined },
  ],
  cascades: [{ parent: 'orders', child: 'lines' }],
  triggers: [
    { table: 'lines', body: 'create trigger x after insert on lines begin update stats set n = n + 1; end' },
    { table: 'log', body: undefined },
  ],
  functions: [
    { name: 'tidy', body: 'begin delete from orders; perform note(); end', writes: true },
    { name: 'note', body: 'insert into log default values', writes: true },
    { name: 'total', body: 'select sum(n) from lines', writes: false },
    { name: 'dynamic', body: "begin execute 'delete from ' || x; end", writes: true },
  ],
}

function footprint(sql: string, dialect: Dialect = 'postgresql', touches: Readonly<Record<string, readonly string[]>> = {}) {
  const catalog = new Catalog(dialect, SHOP, touches)
  const { tables, ...rest } = catalog.footprint(readSyntax(sql, dialect), sql)
  return { ...rest, tables: [...tables].toSorted() }
}

describe('The tables of a read', () => {
  const rows: readonly (readonly [string, readonly string[], Dialect?])[] = [
    ['select * from products', ['products']],
    ['select * from "products" as p', ['products']],
    ['select * from PRODUCTS', ['products']],
    ['select * from `Lines`', ['lines'], 'mysql'],
    ['select * from [orders]', ['orders'], 'sqlite'],
    ['select * from public.products', ['products']],
    ['select * from "order details"', ['order details']],
    ['select * from products, orders', ['orders', 'products']],
    ['select * from products join orders using (id) left join lines on lines.id = orders.id', ['lines', 'orders', 'products']],
    ['select * from (products cross join orders)', ['orders', 'products']],
    ['select * from products where id in (select product from lines)', ['lines', 'products']],
    ['select * from products where exists (select 1 from orders)', ['orders', 'products']],
    ['select (select count(*) from lines) from products', ['lines', 'products']],
    ['select * from products union all select * from orders', ['orders', 'products']],
    ['with x as (select * from lines), y (a, b) as not materialized (select 1, 2) select * from x join y on true', ['lines']],
    ['with recursive x as (select * from lines union select * from x) select * from x', ['lines']],
    ['select * from products where extract(year from at) = 1 and trim(both from name) is distinct from ?', ['products']],
    ['select * from products, generate_series(1, 3) as n', ['products']],
    ['select * from popular', ['lines', 'popular', 'products']],
    ['select * from best', ['best', 'lines', 'popular', 'products']],
    ['table products', ['products']],
  ]
  for (const [sql, tables, dialect] of rows) {
    it(`${sql}: ${tables.join(', ')}`, () => {
      const found = footprint(sql, dialect)
      expect(found.tables).to.deep.equal(tables)
      expect(found).to.include({ effect: 'read', everything: false, unkept: undefined })
    })
  }

  for (const sql of [
    'select * from nowhere',
    'select * from products join nowhere on true',
    'select * from products, nowhere',
    'select * from hidden',
  ]) {
    it(`are not all known: ${sql}`, () => {
      expect(footprint(sql).everything).to.equal(true)
    })
  }

  it('in another database are not these', () => {
    const catalog = new Catalog('mysql', { ...SHOP, schemas: ['shop'] })
    for (const [name, everything] of [
      ['shop.products', false],
      ['other.products', true],
    ] as const) {
      const sql = `select * from ${name}`
      expect(catalog.footprint(readSyntax(sql, 'mysql'), sql).everything).to.equal(everything)
    }
  })

  it('do not say all of what a view shows, if that has the time in it', () => {
    expect(footprint('select * from recent').unkept).to.contain('now()')
  })

  it('include those that a function reads, whose answer is not kept', () => {
    expect(footprint('select total() from products')).to.deep.include({ effect: 'read', tables: ['lines', 'products'] })
    expect(footprint('select total() from products').unkept).to.contain('total')
  })
})

describe('The tables of a write', () => {
  const rows: readonly (readonly [string, readonly string[], Dialect?])[] = [
    ['insert into products values (1)', ['products']],
    ['insert ignore products values (1)', ['products'], 'mysql'],
    ['insert or replace into products values (1)', ['products'], 'sqlite'],
    ['insert into products (name) select name from orders', ['orders', 'products']],
    ['update only products set name = ?', ['products']],
    ['update products p, orders o set p.name = o.name', ['orders', 'products', 'lines', 'stats'].toSorted(), 'mysql'],
    ['update products set name = x.name from (select * from stats) as x', ['products', 'stats']],
    ['delete from products using stats where stats.id = products.id', ['products', 'stats']],
    ['merge into products using stats on true when matched then do nothing', ['products', 'stats']],
    ['truncate products, stats', ['products', 'stats']],
    ['with gone as (delete from products returning *) select * from gone', ['products']],
    ['insert into orders values (1)', ['orders']],
    ['delete from orders', ['lines', 'orders', 'stats']],
    ['update orders set id = 2', ['lines', 'orders', 'stats']],
    ['insert into orders values (1) on conflict (id) do update set id = 2', ['lines', 'orders', 'stats']],
    ['insert into lines values (1)', ['lines', 'stats']],
    ['update popular set name = ?', ['lines', 'popular', 'products', 'stats']],
  ]
  for (const [sql, tables, dialect] of rows) {
    it(`${sql}: ${tables.join(', ')}`, () => {
      const found = footprint(sql, dialect)
      expect(found.tables).to.deep.equal(tables)
      expect(found).to.include({ effect: 'write', everything: false })
    })
  }

  const everything = [
    'insert into nowhere select * from products',
    'update nowhere set a = 1',
    'delete from nowhere',
    'insert into log values (1)',
    'delete from hidden',
    'select dynamic()',
  ]
  for (const sql of everything) {
    it(`may be any: ${sql}`, () => {
      expect(footprint(sql)).to.include({ effect: 'write', everything: true })
    })
  }

  it('include those that a function writes, and the functions that it calls', () => {
    const found = footprint('select tidy()')
    expect(found.effect).to.equal('write')
    expect(found.tables).to.include.members(['orders', 'lines', 'stats', 'log'])
  })

  it('are as said by who knows what a trigger writes', () => {
    expect(footprint('insert into log values (1)', 'postgresql', { log: ['Stats'] })).to.deep.include({
      everything: false,
      tables: ['log', 'stats'],
    })
  })
})
