import { tell, type Scenarios } from './told.js'

const ISOLATION = {
  postgresql: 'show transaction_isolation',
  mysql: 'select count(*) as n from notes',
  sqlite: 'select count(*) as n from notes',
}

/** Transactions in all the ways in which they are begun and ended. */
export const TRANSACTIONS: Scenarios = {
  'transactions, by hand and by callback': async (db, told) => {
    told.push(await db.transaction(async trx => (await trx('notes').insert({ id: 5, text: 'five' }), 'result')))
    const trx = await db.transaction()
    told.push([trx.isTransaction, trx.isCompleted()])
    await trx('notes').where({ id: 5 }).del()
    await trx.rollback()
    told.push([trx.isCompleted(), await trx.executionPromise])
    await trx('notes').catch((error: unknown) => told.push(tell(error)))
    told.push(await db('notes').orderBy('id').pluck('id'))
    await db.transaction(inner => inner.rollback(new Error('by hand'))).catch((error: unknown) => told.push(tell(error)))
    await db.transaction(inner => inner.rollback()).catch((error: unknown) => told.push(tell(error)))
    // Neither returns a promise: it ends when it is told to.
    told.push(await db.transaction(inner => void inner('notes').then(() => inner.commit('by hand'))))
    told.push(await db.transaction(inner => void inner('notes').transacting(inner).then(inner.commit, inner.rollback)))
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
      told.push(await trx('notes').orderBy('id').pluck('id'))
      await trx.transaction(async inner => inner.transaction(async deepest => void (await deepest('notes').insert({ id: 8 }))))
      await trx
        .savepoint(async inner => {
          await inner('notes').del()
          throw new Error('taken back')
        })
        .catch((error: unknown) => told.push(tell(error)))
      told.push(await trx('notes').orderBy('id').pluck('id'))
    })
    told.push(await db('notes').orderBy('id').pluck('id'))
  },
  'rejections on rollback, or none': async (db, told) => {
    for (const doNotRejectOnRollback of [true, false]) {
      const trx = await db.transaction(undefined, { doNotRejectOnRollback })
      const over = trx.executionPromise.then(
        () => 'resolved',
        (error: unknown) => tell(error),
      )
      await trx.rollback()
      told.push([await over, trx.isCompleted()])
    }
  },
  'a provided transaction': async (db, told) => {
    const provider = db.transactionProvider()
    const trx = await provider()
    told.push((await provider()) === trx)
    await trx('notes').insert({ id: 5 })
    await trx.commit()
    told.push(await db('notes').orderBy('id').pluck('id'))
  },
  'levels of isolation': async (db, told, dialect) => {
    for (const isolationLevel of ['read committed', 'repeatable read', 'serializable'] as const) {
      await db
        .transaction(
          async trx => {
            const answer: unknown = await trx.raw(ISOLATION[dialect])
            told.push(Array.isArray(answer) ? answer[0] : (answer as { readonly rows: unknown }).rows)
            await trx('notes').where({ id: 1 }).update({ text: isolationLevel })
          },
          { isolationLevel },
        )
        .catch((error: unknown) => told.push(tell(error)))
    }
    told.push(await db('notes').orderBy('id'))
    if (dialect !== 'sqlite')
      await db.transaction(trx => trx('notes').del(), { readOnly: true }).catch((error: unknown) => told.push(tell(error)))
  },
  'a failed statement in a transaction': async (db, told) => {
    await db
      .transaction(async trx => {
        await trx('notes')
          .insert({ id: 1 })
          .catch((error: unknown) => told.push(tell(error)))
        // PostgreSQL lets nothing follow.
        await trx('notes').insert({ id: 30 })
      })
      .catch((error: unknown) => told.push(tell(error)))
    told.push(await db('notes').orderBy('id').pluck('id'))
  },
  'locks, and transactions that are handed on': async (db, told, dialect) => {
    await db.transaction(async trx => {
      if (dialect !== 'sqlite')
        told.push(await trx('notes').where({ id: 1 }).forUpdate().first(), await trx('notes').forShare().where({ id: 2 }))
      await db('notes').insert({ id: 40 }).transacting(trx)
      told.push(await db('notes').transacting(trx).orderBy('id').pluck('id'))
      await db.batchInsert('notes', [{ id: 41 }, { id: 42 }], 1).transacting(trx)
      await trx.schema.hasTable('notes')
    })
    told.push(await db('notes').orderBy('id').pluck('id'))
  },
}
