import { expect } from 'chai'
import type { Knex } from 'knex'
import { openShop, type Database, type Shop, type ShopOptions } from './shop.js'
import { WRITE_CONTEXTS, type WriteContext } from './write-contexts.js'
import { PROBES, WRITE_FORMS, type WriteForm } from './write-forms.js'

/**
 * Every form of writing in every context on one database: afterwards nothing kept is old, and what nobody changed is kept still.
 * @param only those cells of which it is true
 */
export function writeMatrix(database: Database, only: Only = () => true): void {
  everyCell(database, only, {}, '')
}

/** The same where rows are told apart. */
export function writeMatrixOfRows(database: Database, only: Only = () => true): void {
  everyCell(database, only, { queries: { default: { rowsBy: ['id', 'name', 'category'] } } }, ', where rows are told apart')
}

type Only = (form: number, context: number) => boolean

function everyCell(database: Database, only: Only, options: ShopOptions, how: string): void {
  const forms = WRITE_FORMS.filter(({ dialects }) => dialects?.includes(database.dialect) !== false)
  for (const [row, context] of WRITE_CONTEXTS.entries()) {
    describe(`On ${database.name}, ${context.name}${how}`, () => {
      for (const [column, form] of forms.entries()) if (only(column, row)) cell(database, context, form, options)
    })
  }
}

function cell(database: Database, context: WriteContext, form: WriteForm, options: ShopOptions): void {
  const committed = context.committed || form.commitsOn?.includes(database.dialect) === true
  it(`${form.name}: ${committed || form.fails === true ? 'nothing old is served' : 'everything stays kept'}`, async () => {
    const shop = await openShop(database, options)
    try {
      const before = await kept(shop)
      shop.purged.length = 0
      await context
        .run(shop.db, db => form.write(db))
        .catch(error => {
          // On MySQL a savepoint is gone with the transaction that was committed meanwhile.
          if (!committed || context.committed) throw error
        })
      const hits = shop.hits()
      const after = await asked(shop.db)
      expect(after, 'as the database has it').to.deep.equal(await asked(shop.plain))
      if (committed) {
        expect(after, 'the write is one that shows').to.not.deep.equal(before)
      } else if (form.fails !== true) {
        expect(shop.purged, 'nothing is purged by what is taken back').to.deep.equal([])
        expect(shop.hits() - hits).to.equal(PROBES.length)
      }
    } finally {
      await shop.close()
    }
  })
}

/** Asks every probe twice: the second time all are answered from the cache. */
async function kept(shop: Shop): Promise<readonly unknown[]> {
  await asked(shop.db)
  const hits = shop.hits()
  const answers = await asked(shop.db)
  expect(shop.hits() - hits, 'kept before the write').to.equal(PROBES.length)
  return answers
}

async function asked(db: Knex): Promise<readonly unknown[]> {
  const answers = []
  for (const probe of PROBES) answers.push(await probe(db))
  return answers
}
