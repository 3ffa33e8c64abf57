import { expect } from 'chai'
import knex, { type Knex } from 'knex'
import { ConfigError, createCache } from 'smart-cache'
import { cacheQueries, notifyOfWrites } from 'smart-cache/knex'

describe('cacheQueries()', () => {
  const KNOWN = ['sqlite3', 'better-sqlite3', 'pg', 'mysql', 'mysql2']
  const OTHERS = ['mssql', 'oracledb', 'cockroachdb', 'redshift']

  for (const client of OTHERS) {
    it(`refuses ${client} at the start, and says why`, () => {
      expect(() => cacheQueries(knex({ client }), createCache())).to.throw(
        ConfigError,
        /knows SQLite, PostgreSQL, MySQL and MariaDB, and cannot keep queries on '?"?\w+.*: it would not see what is written there/,
      )
    })
  }

  for (const client of KNOWN) {
    it(`takes ${client}`, () => {
      const db = knex({ client, useNullAsDefault: true })
      expect(cacheQueries(db, createCache(), { database: 'shop' })).to.equal(db)
      expect(() => cacheQueries(db, createCache())).to.throw(ConfigError, 'went through cacheQueries() before')
    })
  }

  const WRONG: Readonly<Record<string, object>> = {
    'an unknown option': { table: {} },
    'tables that are a list': { tables: ['products'] },
    'an unknown option of a table': { tables: { products: { rowBy: ['id'] } } },
    'rows told apart by one name': { tables: { products: { rowsBy: 'id' } } },
    'a model without a name': { tables: { products: { model: '' } } },
    'what triggers write that is no list': { touches: { orders: 'stats' } },
    'listening to what does not tell': { listen: true },
    'listening by another word': { listen: 'yes' },
  }
  for (const [what, options] of Object.entries(WRONG)) {
    it(`refuses ${what}`, () => {
      const db = knex({ client: 'mysql2' })
      expect(() => cacheQueries(db, createCache(), { database: 'shop', ...options })).to.throw(ConfigError)
    })
  }

  it('refuses what is no knex, and a migration without tables', async () => {
    expect(() => cacheQueries({} as Knex, createCache())).to.throw(ConfigError, 'a knex instance')
    const error: unknown = await notifyOfWrites(knex({ client: 'pg' }), 'products' as never).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(ConfigError)
  })
})
