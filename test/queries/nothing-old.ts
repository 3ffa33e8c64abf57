import { expect } from 'chai'
import type { Knex } from 'knex'
import { HIDDEN_WRITES, type HiddenWrite } from './hidden-writes.js'
import { openShop, type Database, type ShopOptions } from './shop.js'

/** After each of the hidden writes nothing old is served, neither of queries nor of what was made of them. */
export function nothingOld(database: Database): void {
  describe(`A write on ${database.name} that does not say what it changes`, () => {
    for (const hidden of HIDDEN_WRITES) {
      if (hidden.dialects?.includes(database.dialect) === false) continue
      for (const rowsBy of [[], ['id', 'name', 'category']]) {
        it(`leaves nothing old: ${hidden.name}${rowsBy.length === 0 ? '' : ', where rows are told apart'}`, () =>
          leavesNothingOld(database, hidden, { queries: { default: { rowsBy } } }))
      }
    }
  })
}

async function leavesNothingOld(database: Database, { prepare, reads, write }: HiddenWrite, options: ShopOptions): Promise<void> {
  const { db, plain, cache, close } = await openShop(database, options)
  const asked = (from: Knex) => Promise.all(reads.map(read => Promise.resolve(read(from)).then(text, failed)))
  const made = () =>
    Promise.all(reads.map((read, index) => cache.getOrSet(`made of ${index}`, async () => text(await read(db))).catch(failed)))
  try {
    await prepare?.(plain)
    const before = await asked(plain)
    for (let time = 0; time < 2; time++) {
      await made()
      expect(await asked(db)).to.deep.equal(before)
    }
    await write(db)
    const after = await asked(plain)
    expect(after, 'the write is one that shows').to.not.deep.equal(before)
    expect(await asked(db), 'queries').to.deep.equal(after)
    expect(await made(), 'what was made of them').to.deep.equal(after)
  } finally {
    await close()
  }
}

function text(answer: unknown): string {
  return JSON.stringify(answer)
}

function failed(): string {
  return 'failed'
}
