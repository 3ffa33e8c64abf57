import { expect } from 'chai'
import knexOf, { type Knex } from 'knex'
import { createCache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import type { Database } from './shop.js'
import type { Scenarios, Told } from './told.js'
import { EVENTS_AND_ENDS } from './unchanged-events.js'
import { QUERIES } from './unchanged-queries.js'
import { TRANSACTIONS } from './unchanged-transactions.js'

/** Where the cache may answer, it does: without a query, or a connection. */
const MAY_DIFFER = new Set(['the events of a query', 'a pool that is full', 'what is written down for debugging'])

/** Every scenario is told by a knex as it is, and by one that went through cacheQueries. */
export function unchanged(database: Database): void {
  describe(`knex on ${database.name} that went through cacheQueries does as it did before`, () => {
    for (const [name, scenario] of Object.entries({ ...EVENTS_AND_ENDS, ...QUERIES, ...TRANSACTIONS })) {
      for (const [what, options] of [
        ['keeps nothing', { tables: {} }],
        ['keeps everything', {}],
        ['keeps rows', { default: { rowsBy: ['id', 'text'] } }],
      ] as const) {
        if (what !== 'keeps nothing' && MAY_DIFFER.has(name)) continue
        it(`${name}, where it ${what}`, async () => {
          const before = await toldBy(database, scenario, db => db)
          const after = await toldBy(database, scenario, db => cacheQueries(db, createCache(), options))
          expect(before).to.have.length.above(0)
          expect(after).to.deep.equal(before)
        })
      }
    }
  })
}

async function toldBy(database: Database, scenario: Scenarios[string], through: (db: Knex) => Knex): Promise<Told> {
  const { config, drop } = await database.create()
  const pool = { ...config.pool, max: 2 }
  const db = through(knexOf({ ...config, pool, acquireConnectionTimeout: 500 }))
  const told: Told = []
  try {
    await db.schema.createTable('notes', table => {
      table.integer('id').primary()
      table.string('text')
    })
    await db('notes').insert([
      { id: 1, text: 'one' },
      { id: 2, text: 'two' },
    ])
    await scenario?.(db, told, database.dialect)
  } finally {
    await db.destroy()
    await drop()
  }
  return told
}
