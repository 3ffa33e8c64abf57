import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as wait } from 'node:timers/promises'
import { ConfigError, createCache, KeyError } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { fakeClock } from 'smart-cache/testing'
import { openShop, type Shop, type ShopOptions } from './shop.js'
import { sqlite } from './sqlite.js'

describe('What is read through a cached knex', () => {
  let shop: Shop
  const opened = async (options?: ShopOptions): Promise<Shop> => {
    shop = await openShop(sqlite, options)
    return shop
  }

  afterEach(() => shop.close())

  const KEPT: Readonly<Record<string, (db: Knex) => PromiseLike<unknown>>> = {
    'a whole table': db => db('products'),
    'a filtered one': db => db('products').where({ category: 'hair' }),
    'a first row': db => db('products').where({ name: 'comb' }).first(),
    'the lack of a first row': db => db('products').where({ name: 'nothing' }).first(),
    'no rows at all': db => db('products').where({ name: 'nothing' }),
    'a null': db => db('products').where({ name: 'thing' }).first('category'),
    'a pluck': db => db('products').orderBy('id').pluck('name'),
    'a count': db => db('products').count({ n: '*' }).first(),
    'a join': db => db('products').join('makers', 'makers.id', 'products.maker').select('products.name', 'makers.name as by'),
    'a subquery': db => db('tills').whereIn('amount', db('products').select('stock')),
    'a common table expression': db => db.with('x', db('tills')).from('x').select('*'),
    'a union': db => db('tills').select('amount').union(db('products').select('stock')),
    'raw SQL': db => db.raw('select * from products where stock > ?', [1]),
    'raw SQL, part of a query': db => db('products').select(db.raw('upper(name) as loud')),
    'a query by another way in': db => db.select('*').from('products').limit(2),
  }
  for (const [what, ask] of Object.entries(KEPT)) {
    it(`is kept: ${what}`, async () => {
      const { db, plain, hits, fills } = await opened()
      const first = await ask(db)
      expect(first).to.deep.equal(await ask(plain))
      expect(await ask(db)).to.deep.equal(first)
      expect([fills(), hits()]).to.deep.equal([1, 1])
    })
  }

  const PAST: Readonly<Record<string, (db: Knex) => PromiseLike<unknown>>> = {
    'what asks for no table': db => db.raw('select 1 as one'),
    'a table that is not known': db => db('sqlite_master').select('name'),
    'what depends on the time': db => db('products').select(db.raw("date('now')")),
    'what depends on chance': db => db('products').orderByRaw('random()').limit(1),
    'a read in a transaction': db => db.transaction(trx => trx('products')),
    'a read that is given to a transaction': db => db.transaction(trx => db('products').transacting(trx)),
    'a read on a connection of its own': db =>
      (async () => {
        const { client } = db as unknown as {
          client: { acquireConnection(): Promise<object>; releaseConnection(of: object): Promise<void> }
        }
        const connection = await client.acquireConnection()
        try {
          await db('products').connection(connection)
        } finally {
          await client.releaseConnection(connection)
        }
      })(),
    'a stream': async db => {
      for await (const row of db('products').stream()) expect(row).to.have.property('name')
    },
    'what says so': db => db('products').noCache(),
    'raw SQL that says so': db => db.raw('select * from products').noCache(),
    'what the schema is asked': db => db.schema.hasTable('products'),
    'what is bound to the time': db => db('products').where('name', '>', 'now'),
    'what is bound to an object of no plain kind': db => db('products').where('name', new (class Name extends String {})('comb')),
  }
  for (const [what, ask] of Object.entries(PAST)) {
    it(`is not kept: ${what}`, async () => {
      const { db, hits, fills } = await opened()
      for (let time = 0; time < 2; time++) await Promise.resolve(ask(db)).catch(() => undefined)
      expect([fills(), hits()]).to.deep.equal([0, 0])
    })
  }

  it('is told apart by its bindings and their types, and by how it is asked', async () => {
    const { db, hits } = await opened()
    const at = new Date(0)
    const questions: readonly (() => PromiseLike<unknown>)[] = [
      () => db('products').where('stock', 1),
      () => db('products').where('stock', '1'),
      () => db('products').where('stock', 1n as never),
      () => db('products').where('stock', at),
      () => db('products').where('stock', at.getTime()),
      () => db('products').where('stock', Buffer.from('1')),
      () => db('products').where('stock', 1).first(),
      () => db('products').where('stock', 1).pluck('name'),
      () => db('products').where('stock', 1).pluck('id'),
      () => db.raw('select * from `products` where `stock` = ?', [1]),
      () => db('products').where('stock', 1).options({ some: 'option' }),
      () => db('products').where('stock', 1).timeout(1_000),
    ]
    for (const ask of questions) await ask()
    expect(hits()).to.equal(0)
    for (const ask of questions) await ask()
    expect(hits()).to.equal(questions.length)
  })

  it('is everybody’s own', async () => {
    const { db } = await opened()
    const ask = () => db('products').where({ name: 'comb' })
    for (const rows of [await ask(), await ask(), await ask()]) {
      expect(rows).to.have.length(1)
      expect(rows[0]).to.include({ name: 'comb', stock: 3 })
      rows[0].stock = 'changed'
      rows.push('more')
    }
  })

  for (const [kind, prototype] of Object.entries({ 'no prototype': null, 'the usual one': Object.prototype })) {
    it(`has rows as the driver makes them, with ${kind}, also under odd names`, async () => {
      const { db, hits } = await opened()
      const { client } = db as unknown as { client: { _query(...sent: unknown[]): Promise<{ response: object[] }> } }
      const { _query } = client
      client._query = async (...sent) => {
        const answer = await _query.apply(client, sent)
        answer.response = answer.response.map(row => Object.setPrototypeOf({ ...row }, prototype) as object)
        return answer
      }
      const ask = () => db.raw('select id, name as "__proto__" from products order by id') as PromiseLike<object[]>
      const [first, again] = [await ask(), await ask()]
      expect(again.map(row => Object.entries(row))).to.deep.equal(first.map(row => Object.entries(row)))
      expect(Object.entries(again[0] ?? {})).to.deep.include(['__proto__', 'comb'])
      expect(again.map(row => Object.getPrototypeOf(row) as unknown)).to.deep.equal(again.map(() => prototype))
      expect(hits()).to.equal(1)
    })
  }

  it('is post-processed each time, for who asks', async () => {
    const contexts: unknown[] = []
    const { db } = await opened({
      knex: {
        postProcessResponse: (rows: unknown, context: unknown) => {
          contexts.push(context)
          if (Array.isArray(rows)) for (const row of rows as Record<string, unknown>[]) row['loud'] = String(row['name']).toUpperCase()
          return rows
        },
        wrapIdentifier: (value, wrap) => wrap(value === 'TITLE' ? 'name' : value),
      },
    })
    for (const context of ['one', 'two', 'three']) {
      const rows = await db('products').where({ TITLE: 'comb' }).select('TITLE').queryContext(context)
      expect(rows.map((row: object) => ({ ...row }))).to.deep.equal([{ name: 'comb', loud: 'COMB' }])
    }
    expect(contexts.filter(context => context !== undefined)).to.deep.equal(['one', 'two', 'three'])
  })

  it('is refused to what post-processes it, which would wait for itself', async () => {
    const asked: { again?: PromiseLike<unknown> } = {}
    const { db } = await opened({
      knex: {
        postProcessResponse: async (rows: unknown, context: unknown) => {
          if (context === 'outer') await (asked.again = db('products').select('name'))
          return rows
        },
      },
    })
    const error = await Promise.resolve(db('products').select('name').queryContext('outer')).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'ERR_CACHE_RECURSION' })
  })

  it('is what listeners at the start make of it', async () => {
    const { db, hits } = await opened()
    let tenant = 'hair'
    let starts = 0
    db.on('start', (builder: Knex.QueryBuilder) => {
      starts++
      void builder.where({ category: tenant })
    })
    expect(await db('products').orderBy('id').pluck('name')).to.deep.equal(['comb', 'brush'])
    tenant = 'skin'
    expect(await db('products').orderBy('id').pluck('name')).to.deep.equal(['soap'])
    tenant = 'hair'
    expect(await db('products').orderBy('id').pluck('name')).to.deep.equal(['comb', 'brush'])
    expect([starts, hits()]).to.deep.equal([3, 1])
  })

  it('is asked once by all who ask at once', async () => {
    const { db } = await opened()
    let asked = 0
    db.on('query', () => asked++)
    const answers = await Promise.all(Array.from({ length: 20 }, () => db('products').where({ category: 'hair' })))
    expect(asked).to.equal(1)
    expect(new Set(answers).size).to.equal(20)
  })

  it('fails as without a cache, and is asked again', async () => {
    const { db, plain } = await opened()
    const error = async (from: Knex) =>
      from('products')
        .where({ nothing: 1 })
        .then(
          () => undefined,
          (thrown: Error) => thrown.message,
        )
    expect(await error(db)).to.equal(await error(plain))
    expect(await error(db)).to.equal(await error(plain))
  })

  it('is old after its ttl', async () => {
    const clock = fakeClock('2026-11-20T00:00:00Z')
    const { db, plain, fills } = await opened({ cache: { clock }, queries: { tables: { products: { ttl: '10m' } } } })
    await db('products')
    await plain('products').update({ stock: 5 })
    clock.advance('9m')
    expect((await db('products').first()).stock).to.equal(5)
    await db('products')
    expect(fills(), 'the whole table is kept yet').to.equal(2)
    clock.advance('1m')
    expect((await db('products')).map(({ stock }) => stock)).to.deep.equal([5, 5, 5, 5])
  })

  it('lives no longer than what is kept of any of its tables', async () => {
    const clock = fakeClock('2026-11-20T00:00:00Z')
    const { db, hits } = await opened({ cache: { clock }, queries: { tables: { products: { ttl: '1h' } }, default: { ttl: '1m' } } })
    const join = () => db('products').join('makers', 'makers.id', 'products.maker').select('products.id')
    await Promise.all([join(), db('products')])
    clock.advance('2m')
    await Promise.all([join(), db('products')])
    expect(hits()).to.equal(1)
  })

  describe('of tables that say how', () => {
    const ASKED: Readonly<Record<string, (db: Knex) => PromiseLike<unknown>>> = {
      whole: db => db('products'),
      filtered: db => db('products').where({ category: 'hair' }),
      first: db => db('products').first(),
      columns: db => db('products').select('name'),
    }
    const rows = [
      { cacheTable: false, cacheQueryset: false, kept: [] },
      { cacheTable: true, cacheQueryset: false, kept: ['whole'] },
      { cacheTable: false, cacheQueryset: true, kept: ['whole', 'filtered', 'first', 'columns'] },
      { cacheTable: true, cacheQueryset: true, kept: ['whole', 'filtered', 'first', 'columns'] },
    ]
    for (const { kept, ...options } of rows) {
      it(`${JSON.stringify(options)} keeps ${kept.length === 0 ? 'nothing' : kept.join(', ')}`, async () => {
        const { db, fills } = await opened({ queries: { tables: { Products: options } } })
        const seen: string[] = []
        for (const [name, ask] of Object.entries(ASKED)) {
          const before = fills()
          await ask(db)
          if (fills() > before) seen.push(name)
        }
        expect(seen).to.deep.equal(kept)
      })
    }

    it('leaves tables without a line alone, unless a query or a default says otherwise', async () => {
      const { db, fills } = await opened({ queries: { tables: { products: {} } } })
      await db('makers')
      await db('makers').join('products', 'makers.id', 'products.maker').select('makers.id')
      expect(fills()).to.equal(0)
      await db('makers').cache({ ttl: '1h' })
      await db.raw('select * from makers').cache()
      await db('products')
      expect(fills()).to.equal(3)
    })

    it('lets a query say so through its copies', async () => {
      const { db, fills } = await opened({ queries: { tables: {} } })
      const query = db('products').cache().where({ category: 'hair' })
      await query.clone().orderBy('id')
      expect(fills()).to.equal(1)
      await query.clone().noCache()
      expect(fills()).to.equal(1)
    })
  })

  it('for good is ended by no write, but by its name', async () => {
    const { db, cache, hits } = await opened()
    const ask = async () => (await db('products').where({ name: 'comb' }).permanentCache({ ttl: '1d' }).first('stock')).stock
    expect(await ask()).to.equal(3)
    await db('products').update({ stock: 4 })
    await cache.invalidate({ table: 'products' })
    expect([await ask(), hits()]).to.deep.equal([3, 1])
    await cache.invalidate({ table: 'products' }, { permanent: true })
    expect(await ask()).to.equal(4)
  })

  it('is ended by the name of its table', async () => {
    const { db, plain, cache } = await opened()
    const ask = async () => (await db('products').sum({ stock: 'stock' }).first())?.['stock'] as unknown
    expect(await ask()).to.equal(13)
    await plain('products').update({ stock: 1 })
    expect(await ask()).to.equal(13)
    await cache.invalidate({ table: 'Products' })
    expect(await ask()).to.equal(4)
    expect(await cache.invalidate({ table: '' }).catch((error: unknown) => error)).to.be.instanceOf(KeyError)
  })

  it('in a namespace is another’s nowhere', async () => {
    const { db } = await opened({ cache: { namespace: 'shop' } })
    await db('products')
    await db('products').update({ stock: 8 })
    expect((await db('products').first()).stock).to.equal(8)
  })

  it('is not kept from a connection on which somebody has begun a transaction by hand', async () => {
    const { db, fills } = await opened({ knex: { pool: { min: 1, max: 1 } } })
    await db('makers')
    await db.raw('BEGIN')
    await db.raw('update products set stock = 99')
    expect((await db('products').first()).stock).to.equal(99)
    await db.raw('ROLLBACK')
    expect((await db('products').first()).stock).to.equal(3)
    expect(fills()).to.equal(2)
  })

  it('from such a connection makes nothing that is kept', async () => {
    const { cache, db } = await opened({ knex: { pool: { min: 1, max: 1 } } })
    await db('makers')
    const page = () => cache.getOrSet('page', async () => (await db('products').first()).stock as number)
    await db.raw('BEGIN')
    await db.raw('update products set stock = 99')
    expect(await page()).to.equal(99)
    await db.raw('ROLLBACK')
    expect(await page()).to.equal(3)
  })

  it('in a function that is kept is neither built nor asked again, until it is written to', async () => {
    const { cache, db } = await opened({ queries: { tables: { products: { rowsBy: ['id'] } } } })
    const id = 1
    let built = 0
    const stock = cache.cached(
      (of: number) => {
        built++
        return db('products').where({ id: of }).first('stock')
      },
      { key: 'stock:{0}' },
    )
    expect([await stock(id), await stock(id), built]).to.deep.equal([{ stock: 3 }, { stock: 3 }, 1])
    await db('products').where({ id: 2 }).update({ stock: 7 })
    expect([await stock(id), built]).to.deep.equal([{ stock: 3 }, 1])
    await db('products').where({ id }).update({ stock: 8 })
    expect([await stock(id), built]).to.deep.equal([{ stock: 8 }, 2])
  })

  it('depends on nothing else that is read while it is asked for', async () => {
    const { cache, db, fills } = await opened()
    await cache.set('settings', 1, { tags: ['settings'] })
    db.on('query', () => void cache.get('settings'))
    await db('products')
    await cache.invalidate('settings')
    await db('products')
    expect(fills()).to.equal(2)
    expect((await cache.queries.explain(db('products'))).outcome).to.equal('hit')
  })

  it('is asked past the cache once a connection was set up differently', async () => {
    const { db, fills } = await opened()
    await db('products')
    await db.raw("attach ':memory:' as other")
    await db('products')
    await db('products')
    expect(fills()).to.equal(1)
  })

  it('is asked past the cache once a trigger of one connection may write what nobody sees', async () => {
    const { db, fills } = await opened({ knex: { pool: { min: 1, max: 1 } } })
    await db('tills')
    await db.raw('create temp trigger acts after insert on products begin update tills set amount = 99; end')
    await db('products').insert({ name: 'towel' })
    expect(await db('tills').pluck('amount')).to.deep.equal([99, 99])
    expect(fills()).to.equal(1)
  })

  it('is asked past the cache once a table of one connection hides another', async () => {
    const { db, fills } = await opened()
    await db('products')
    await db.raw('create temp table else_where (id int)')
    await db('products')
    expect(fills()).to.equal(2)
    await db.raw('create temp table products (id int)')
    await db('products')
    expect(fills()).to.equal(2)
  })

  it('is read on when the cache is closed', async () => {
    const { db, cache } = await opened()
    await db('products')
    await cache.close()
    expect(await db('products')).to.have.length(4)
    await wait(0)
  })
})

describe('cacheQueries', () => {
  const refused: readonly (readonly [string, RegExp, (db: Knex) => unknown])[] = [
    ['an option that is misspelt', /no option `table`.*`tables`/, db => cacheQueries(db, createCache(), { table: {} } as never)],
    [
      'an option of a table that is misspelt',
      /tables.products has no option `tll`/,
      db => cacheQueries(db, createCache(), { tables: { products: { tll: 1 } as never } }),
    ],
    ['a ttl that is none', /ttl/, db => cacheQueries(db, createCache(), { default: { ttl: 'soon' as never } })],
    ['tables that are no object', /`tables`/, db => cacheQueries(db, createCache(), { tables: ['products'] as never })],
    ['touches that are no lists', /`touches`/, db => cacheQueries(db, createCache(), { touches: { a: 'b' } as never })],
    ['what is no knex', /knex instance/, () => cacheQueries({} as never, createCache())],
    ['a second time', /before/, db => cacheQueries(cacheQueries(db, createCache()), createCache())],
  ]
  for (const [what, message, call] of refused) {
    it(`refuses ${what}`, async () => {
      const { config, drop } = await sqlite.create()
      const { default: knex } = await import('knex')
      const db = knex(config)
      try {
        expect(() => call(db)).to.throw(ConfigError, message)
      } finally {
        await db.destroy()
        await drop()
      }
    })
  }
})
