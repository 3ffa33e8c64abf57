import knex, { type Knex } from 'knex'
import { createCache, type Cache, type CacheOptions } from 'smart-cache'
import { cacheQueries, type CacheQueriesOptions } from 'smart-cache/knex'

/** A kind of database that can be had empty. */
export interface Database {
  readonly name: string
  readonly dialect: 'sqlite' | 'postgresql' | 'mysql'
  /** The settings of knex for an empty database, and what removes it. */
  create(): Promise<{ readonly config: Knex.Config; readonly drop: () => Promise<void> }>
}

/** A database with some tables, a knex through which queries are kept, and one through which they are not. */
export interface Shop {
  readonly cache: Cache
  readonly db: Knex
  /** Past the cache. */
  readonly plain: Knex
  /** How often something was answered from the cache so far. */
  readonly hits: () => number
  /** How often something was kept. */
  readonly fills: () => number
  /** The tags that were purged, without the library's own mark. */
  readonly purged: string[]
  close(): Promise<void>
}

export interface ShopOptions {
  readonly queries?: CacheQueriesOptions
  readonly cache?: CacheOptions
  readonly knex?: Partial<Knex.Config>
}

export async function openShop(database: Database, options: ShopOptions = {}): Promise<Shop> {
  const { config, drop } = await database.create()
  const plain = knex(config)
  const cache = createCache(options.cache)
  const db = cacheQueries(knex({ ...config, ...options.knex }), cache, options.queries)
  const counts = { hit: 0, fill: 0 }
  const purged: string[] = []
  cache.on('hit', () => counts.hit++)
  cache.on('fill', () => counts.fill++)
  cache.on('purge', ({ name }) => purged.push(name.replace('~', '')))
  await stock(plain)
  return {
    cache,
    db,
    plain,
    purged,
    hits: () => counts.hit,
    fills: () => counts.fill,
    close: async () => {
      await Promise.all([db.destroy(), plain.destroy(), cache.close()])
      await drop()
    },
  }
}

async function stock(db: Knex): Promise<void> {
  await db.schema.createTable('makers', table => {
    table.integer('id').primary()
    table.string('name', 50).notNullable()
  })
  await db.schema.createTable('products', table => {
    table.increments('id')
    table.string('name', 50).notNullable().unique()
    table.string('category', 50)
    table.integer('stock').notNullable().defaultTo(0)
    table.integer('maker').references('id').inTable('makers').onDelete('cascade')
  })
  await db.schema.createTable('tills', table => {
    table.increments('id')
    table.integer('amount').notNullable()
  })
  await db('makers').insert([
    { id: 1, name: 'Ann' },
    { id: 2, name: 'Ben' },
  ])
  await db('products').insert([
    { name: 'comb', category: 'hair', stock: 3, maker: 1 },
    { name: 'brush', category: 'hair', stock: 0, maker: 2 },
    { name: 'soap', category: 'skin', stock: 9, maker: 2 },
    { name: 'thing', category: null, stock: 1, maker: null },
  ])
  await db('tills').insert([{ amount: 10 }, { amount: 20 }])
}
