import type { Knex } from 'knex'

/** Where a write is made, and whether it is there afterwards. */
export interface WriteContext {
  readonly name: string
  readonly committed: boolean
  /** Runs the write; resolves when everything is over, whichever way. */
  run(db: Knex, write: (db: Knex) => PromiseLike<unknown>): Promise<void>
}

class Undo extends Error {}

const undo = () => {
  throw new Undo('taken back')
}

async function undone(work: PromiseLike<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  }
}

export const WRITE_CONTEXTS: readonly WriteContext[] = [
  {
    name: 'by itself',
    committed: true,
    async run(db, write) {
      await write(db)
    },
  },
  {
    name: 'in a transaction',
    committed: true,
    async run(db, write) {
      await db.transaction(async trx => void (await write(trx)))
    },
  },
  {
    name: 'in a transaction that is rolled back by an error',
    committed: false,
    run: (db, write) => undone(db.transaction(async trx => (await write(trx), undo()))),
  },
  {
    name: 'in a transaction that is committed by hand',
    committed: true,
    async run(db, write) {
      const trx = await db.transaction()
      await write(trx)
      await trx.commit()
    },
  },
  {
    name: 'in a transaction that is rolled back by hand',
    committed: false,
    async run(db, write) {
      const trx = await db.transaction()
      await write(trx)
      await trx.rollback()
    },
  },
  {
    name: 'in a nested transaction',
    committed: true,
    async run(db, write) {
      await db.transaction(trx => trx.transaction(async inner => void (await write(inner))))
    },
  },
  {
    name: 'in a nested transaction that is rolled back, within one that is not',
    committed: false,
    async run(db, write) {
      await db.transaction(trx => undone(trx.transaction(async inner => (await write(inner), undo()))))
    },
  },
  {
    name: 'in a nested transaction, within one that is rolled back',
    committed: false,
    run: (db, write) => undone(db.transaction(async trx => (await trx.transaction(async inner => void (await write(inner))), undo()))),
  },
  {
    name: 'before a nested transaction that is rolled back',
    committed: true,
    async run(db, write) {
      await db.transaction(async trx => {
        await write(trx)
        await undone(trx.transaction(async inner => (await inner('makers').select('id'), undo())))
      })
    },
  },
  {
    name: 'after a nested transaction that was rolled back',
    committed: true,
    async run(db, write) {
      await db.transaction(async trx => {
        await undone(trx.transaction(async inner => (await inner('makers').select('id'), undo())))
        await write(trx)
      })
    },
  },
  {
    name: 'by a provided transaction',
    committed: true,
    async run(db, write) {
      const provider = db.transactionProvider()
      await write(await provider())
      await (await provider()).commit()
    },
  },
]
