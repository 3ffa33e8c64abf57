import { expect } from 'chai'
import knexOf, { type Knex } from 'knex'
import { createCache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { sqlite } from './sqlite.js'

/** What happens in knex, told so that two tellings can be compared. */
type Told = unknown[]

const tell = (error: unknown): string => (error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error))

/** What people rely on in knex; each tells what happened. */
const SCENARIOS: Readonly<Record<string, (db: Knex, told: Told) => Promise<void>>> = {
  'the events of a query': async (db, told) => {
    db.on('start', () => told.push('start'))
    db.on('query', ({ sql, bindings }: { sql: string; bindings: unknown }) => told.push(['query', sql, bindings]))
    db.on('query-response', (rows: unknown, { sql }: { sql: string }) => told.push(['response', sql, rows]))
    db.on('query-error', (error: unknown, { sql }: { sql: string }) => told.push(['error', sql, tell(error)]))
    const query = db('notes').where({ id: 1 })
    for (const event of ['start', 'query', 'query-response', 'end'] as const) query.on(event, () => told.push(`${event} of the builder`))
    await query
    await db('nowhere').catch((error: unknown) => told.push(tell(error)))
    await db('notes').insert({ id: 9, text: 'nine' })
  },
  'the errors of builders': async (db, told) => {
    const failing = db('notes').where({ nothing: 1 })
    failing.on('error', (error: unknown) => told.push(['heard', tell(error)]))
    await failing.catch((error: unknown) => told.push(tell(error)))
    await db('notes')
      .where({ id: undefined as never })
      .then(undefined, (error: unknown) => told.push(tell(error)))
    await db('notes')
      .insert({ id: 1, text: 'again' })
      .catch((error: unknown) => told.push(tell(error)))
  },
  'the ways to wait': async (db, told) => {
    told.push(await db('notes').then(rows => rows.length))
    told.push(await db('notes').finally(() => told.push('finally')))
    told.push(await new Promise(resolve => void db('notes').asCallback((error: unknown, rows: unknown[]) => resolve([error, rows.length]))))
    told.push(await Promise.all([db('notes').first(), db('notes').pluck('id'), db.raw('select 1 as one')]))
  },
  'transactions, by hand and by callback': async (db, told) => {
    told.push(await db.transaction(async trx => (await trx('notes').insert({ id: 5, text: 'five' }), 'result')))
    const trx = await db.transaction()
    told.push([trx.isTransaction, trx.isCompleted()])
    await trx('notes').where({ id: 5 }).del()
    await trx.rollback()
    told.push([trx.isCompleted(), await trx.executionPromise])
    await trx('notes').catch((error: unknown) => told.push(tell(error)))
    told.push(await db('notes').pluck('id'))
    await db.transaction(inner => inner.rollback(new Error('by hand'))).catch((error: unknown) => told.push(tell(error)))
    // Neither returns a promise: it ends when it is told to.
    told.push(await db.transaction(inner => void inner('notes').then(() => inner.commit('by hand'))))
  },
  'transactions in transactions': async (db, told) => {
    await db.transaction(async trx => {
      await trx('notes').insert({ id: 6, text: 'six' })
      await trx
        .transaction(async inner => {
          await inner('notes').insert({ id: 7, text: 'seven' })
          throw new Error('no')
        })
        .catch((error: unknown) => told.push(tell(error)))
      told.push(await trx('notes').pluck('id'))
    })
    told.push(await db('notes').pluck('id'))
  },
  streams: async (db, told) => {
    for await (const row of db('notes').stream()) told.push(row)
    await db('notes').stream(stream => void stream.on('data', row => told.push(row)))
    const failing = db('nowhere').stream()
    await new Promise(resolve => failing.on('error', error => resolve(told.push(tell(error)))))
    const left = db('notes').stream()
    await new Promise(resolve => left.once('data', () => left.destroy()).once('close', resolve))
    told.push(await db('notes').count({ n: '*' }))
  },
  'the schema': async (db, told) => {
    told.push(await db.schema.hasTable('notes'), await db.schema.hasColumn('notes', 'text'))
    await db.schema.alterTable('notes', table => void table.renameColumn('text', 'body'))
    await db.schema.alterTable('notes', table => void table.dropColumn('body'))
    told.push(await db('notes').columnInfo())
    await db.schema.createTable('notes', table => void table.increments()).catch((error: unknown) => told.push(tell(error)))
  },
  'what a write answers': async (db, told) => {
    told.push(await db('notes').insert({ id: 11, text: 'x' }), await db('notes').where({ id: 11 }).update({ text: 'y' }))
    told.push(await db('notes').insert({ id: 12, text: 'x' }).returning('*'), await db('notes').where('id', '>', 10).del())
    told.push(await db.batchInsert('notes', [{ id: 13 }, { id: 14 }], 1), await db('notes').increment('id', 100))
  },
  'texts and copies of builders': async (db, told) => {
    const query = db('notes').where({ id: 1 }).orderBy('id')
    told.push(query.toQuery(), query.toSQL().toNative(), query.clone().clearWhere().toQuery(), db.raw('?? = ?', ['a', 1]).toQuery())
    told.push(await query, await query, await query.clone().first())
  },
  'another user of the same knex': async (db, told) => {
    const other = db.withUserParams({ tenant: 7 })
    told.push(other.userParams, await other('notes').pluck('id'))
    await other('notes').where({ id: 1 }).update({ text: 'by another' })
    told.push(await db('notes').where({ id: 1 }))
  },
  'a pool that is full': async (db, told) => {
    const trxs = [await db.transaction(), await db.transaction()]
    await db('notes').catch((error: unknown) => told.push(tell(error)))
    for (const trx of trxs) await trx.rollback()
    told.push(await db('notes').pluck('id'))
  },
  'the end, and what comes after it': async (db, told) => {
    await db('notes')
    await db.destroy()
    await db('notes').catch((error: unknown) => told.push(tell(error)))
    db.initialize()
    told.push(await db('notes').pluck('id'))
  },
}

/** Where the cache may answer, it does: without a query, or a connection. */
const MAY_DIFFER = new Set(['the events of a query', 'a pool that is full'])

describe('knex that went through cacheQueries does as it did before', () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    for (const [what, tables] of [
      ['keeps nothing', {}],
      ['keeps everything', undefined],
    ] as const) {
      if (tables === undefined && MAY_DIFFER.has(name)) continue
      it(`${name}, where it ${what}`, async () => {
        const options = tables === undefined ? {} : { tables }
        const [before, after] = [await toldBy(scenario, db => db), await toldBy(scenario, db => cacheQueries(db, createCache(), options))]
        expect(before).to.have.length.above(0)
        expect(after).to.deep.equal(before)
      })
    }
  }
})

async function toldBy(scenario: (db: Knex, told: Told) => Promise<void>, through: (db: Knex) => Knex): Promise<Told> {
  const { config, drop } = await sqlite.create()
  const pool = { ...config.pool, max: 2 }
  const db = through(knexOf({ ...config, pool, acquireConnectionTimeout: 200 }))
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
    await scenario(db, told)
  } finally {
    await db.destroy()
    await drop()
  }
  return told
}
