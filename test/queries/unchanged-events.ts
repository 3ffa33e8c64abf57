import { once } from 'node:events'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { tell, type Scenarios } from './told.js'

/** What knex says of itself, and how it ends. */
export const EVENTS_AND_ENDS: Scenarios = {
  'the events of a query': async (db, told) => {
    db.on('start', () => told.push('start'))
    db.on('query', ({ sql, bindings }: { sql: string; bindings: unknown }) => told.push(['query', sql, bindings]))
    db.on('query-response', (_rows: unknown, { sql }: { sql: string }) => told.push(['response', sql]))
    db.on('query-error', (error: unknown, { sql }: { sql: string }) => told.push(['error', sql, tell(error)]))
    const query = db('notes').where({ id: 1 })
    for (const event of ['start', 'query', 'query-response', 'end'] as const) query.on(event, () => told.push(`${event} of the builder`))
    await query
    await db('nowhere').catch((error: unknown) => told.push(tell(error)))
    await db('notes').insert({ id: 9, text: 'nine' })
    await db.transaction(async trx => {
      trx.on('query', ({ sql }: { sql: string }) => told.push(['in the transaction', sql]))
      await trx('notes').where({ id: 9 }).del()
    })
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
      .catch((error: unknown) => told.push(tell(error), Object.keys(error as object).toSorted()))
    await db.raw('select * from').catch((error: unknown) => told.push(tell(error)))
    await db.raw('select ?', []).catch((error: unknown) => told.push(tell(error)))
  },
  'the ways to wait': async (db, told) => {
    told.push(await db('notes').then(rows => rows.length))
    told.push(await db('notes').finally(() => told.push('finally')))
    told.push(await new Promise(resolve => void db('notes').asCallback((error: unknown, rows: unknown[]) => resolve([error, rows.length]))))
    told.push(await new Promise(resolve => void db('nowhere').asCallback((error: unknown) => resolve(tell(error)))))
    told.push(await Promise.all([db('notes').first(), db('notes').orderBy('id').pluck('id'), db('notes').count({ n: '*' })]))
  },
  streams: async (db, told) => {
    for await (const row of db('notes').orderBy('id').stream()) told.push(row)
    await db('notes')
      .orderBy('id')
      .stream(stream => void stream.on('data', row => told.push(row)))
    const into = () => new Writable({ objectMode: true, write: (row, _encoding, done) => done(void told.push(row)) })
    await pipeline(db('notes').orderBy('id').stream({ highWaterMark: 1 }), into())
    await once(db('notes').orderBy('id').pipe(into()), 'finish')
    await db.transaction(trx => pipeline(trx('notes').orderBy('id').stream(), into()))
    const failing = db('nowhere').stream()
    await new Promise(resolve => failing.on('error', error => resolve(told.push(tell(error)))))
    const left = db('notes').stream()
    await new Promise(resolve => left.once('data', () => left.destroy()).once('close', resolve))
    told.push(await db('notes').count({ n: '*' }))
  },
  'a query that takes too long, and one that does not': async (db, told, dialect) => {
    const slow = { postgresql: 'select pg_sleep(0.2)', mysql: 'select sleep(0.2)', sqlite: 'select 1' }[dialect]
    if (dialect !== 'sqlite') {
      await db
        .raw(slow)
        .timeout(20)
        .catch((error: unknown) => told.push(tell(error)))
      await db
        .raw(slow)
        .timeout(20, { cancel: true })
        .catch((error: unknown) => told.push(tell(error)))
    }
    told.push(await db('notes').orderBy('id').timeout(5_000))
  },
  'a pool that is full': async (db, told) => {
    const trxs = [await db.transaction(), await db.transaction()]
    await db('notes').catch((error: unknown) => told.push(tell(error)))
    await db('notes')
      .update({ text: 'x' })
      .catch((error: unknown) => told.push(tell(error)))
    for (const trx of trxs) await trx.rollback()
    told.push(await db('notes').orderBy('id').pluck('id'))
  },
  'what is written down for debugging': async (db, told) => {
    const logger = (db.client as { logger: { debug(message: unknown): void } }).logger
    logger.debug = (message: unknown) => told.push([message].flat().map(one => (one as { readonly sql?: string }).sql ?? one))
    await db('notes').debug(true)
    await db('notes').insert({ id: 3 }).debug(true)
  },
  'another user of the same knex': async (db, told) => {
    const other = db.withUserParams({ tenant: 7 })
    told.push(other.userParams, await other('notes').orderBy('id').pluck('id'))
    await other('notes').where({ id: 1 }).update({ text: 'by another' })
    told.push(await db('notes').where({ id: 1 }))
    told.push(await other.transaction(async trx => trx.userParams))
  },
  'the end, and what comes after it': async (db, told) => {
    await db('notes')
    await db.destroy()
    await db('notes').catch((error: unknown) => told.push(tell(error)))
    await db('notes')
      .insert({ id: 3 })
      .catch((error: unknown) => told.push(tell(error)))
    db.initialize()
    told.push(await db('notes').orderBy('id').pluck('id'))
    await new Promise<void>(resolve => {
      db.destroy(resolve)
    })
    db.initialize()
    told.push(await db('notes').count({ n: '*' }))
  },
}
