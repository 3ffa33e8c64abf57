import { expect } from 'chai'
import type { Knex } from 'knex'
import { openDatabase } from '../../examples/cities/database/open-database.js'

describe('The SQLite dialect of the cities example', () => {
  let db: Knex

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    await db.schema.createTable('plants', table => {
      table.increments('id')
      table.text('name').unique()
      table.integer('height')
    })
  })

  afterEach(async () => db.destroy())

  it('answers as knex answers on any SQLite', async () => {
    expect(await db('plants').insert({ name: 'fern', height: 40 })).to.deep.equal([1])
    expect(await db('plants').insert({ name: 'moss', height: 2 }).returning('id')).to.deep.equal([{ id: 2 }])
    expect(await db('plants').where({ name: 'fern' }).update({ height: 41 })).to.equal(1)
    expect(await db('plants').pluck('height')).to.deep.equal([41, 2])
    expect(await db('plants').where({ id: 2 }).first('name')).to.deep.equal({ name: 'moss' })
    expect(await db('plants').where({ id: 3 }).first()).to.equal(undefined)
    expect(await db('plants').del()).to.equal(2)
    expect(await db.raw('SELECT ? AS one', [1])).to.deep.equal([{ one: 1 }])
  })

  for (const { title, binding, kept } of [
    { title: 'text with quotes', binding: `'; DROP TABLE plants; --"`, kept: `'; DROP TABLE plants; --"` },
    { title: 'a number with a fraction', binding: 1.5, kept: 1.5 },
    { title: 'a boolean, as 0 or 1', binding: true, kept: 1 },
    { title: 'a date, as milliseconds', binding: new Date(86_400_000), kept: 86_400_000 },
    { title: 'null', binding: null, kept: null },
    { title: 'bytes', binding: Buffer.from([0, 255]), kept: Uint8Array.of(0, 255) },
  ]) {
    it(`binds ${title}`, async () => {
      const [row] = await db.raw<readonly { readonly value: unknown }[]>('SELECT ? AS value', [binding])
      expect(row?.value).to.deep.equal(kept)
    })
  }

  it('keeps a transaction that ends well, and nothing of one that does not', async () => {
    await db.transaction(async trx => trx('plants').insert({ name: 'fern' }))
    const failed = db.transaction(async trx => {
      await trx('plants').insert({ name: 'moss' })
      throw new Error('changed my mind')
    })
    expect(await failed.then(String, String)).to.equal('Error: changed my mind')
    expect(await db('plants').pluck('name')).to.deep.equal(['fern'])
  })

  it('takes a nested transaction back alone', async () => {
    await db.transaction(async trx => {
      await trx('plants').insert({ name: 'fern' })
      const inner = trx.transaction(async nested => {
        await nested('plants').insert({ name: 'moss' })
        throw new Error('changed my mind')
      })
      expect(await inner.then(String, String)).to.equal('Error: changed my mind')
    })
    expect(await db('plants').pluck('name')).to.deep.equal(['fern'])
  })

  it('rejects with what SQLite says, and goes on', async () => {
    await db('plants').insert({ name: 'fern' })
    const twice = db('plants').insert({ name: 'fern' })
    expect(await twice.then(String, String)).to.include('UNIQUE constraint failed: plants.name')
    expect(await db.raw('SELEKT 1').then(String, String)).to.include('syntax error')
    expect(await db('plants').count({ plants: '*' })).to.deep.equal([{ plants: 1 }])
  })

  it('says which file cannot be opened', async () => {
    const refused = openDatabase(new URL('.', import.meta.url).pathname)
    expect(await refused.then(String, String)).to.match(/^Error: Cannot open the database .+: /)
  })
})
