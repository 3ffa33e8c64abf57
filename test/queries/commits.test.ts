import { expect } from 'chai'
import { setImmediate as turn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { memoryStore, type Purge, type Store } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { openShop, type Shop, type ShopOptions } from './shop.js'
import { sqlite } from './sqlite.js'

interface Inside {
  client: { _query(connection: object, sent: { sql: string }): Promise<unknown> }
}

describe('A committed write through knex', () => {
  let shop: Shop
  const opened = async (options?: ShopOptions): Promise<Shop> => {
    shop = await openShop(sqlite, options)
    return shop
  }

  afterEach(() => shop.close())

  /** Lets the test stand between knex and the driver. */
  function between(db: Knex, stand: (sql: string, send: () => Promise<unknown>) => Promise<unknown>): void {
    const prototype = Object.getPrototypeOf((db as unknown as Inside).client) as Inside['client']
    const { _query } = prototype
    prototype._query = function query(connection, sent) {
      return stand(sent.sql, () => _query.call(this, connection, sent))
    }
  }

  const stock = async ({ db }: Shop) => (await db('products').where({ name: 'comb' }).first('stock')).stock as unknown
  const write = (trx: Knex) => trx('products').where({ name: 'comb' }).update({ stock: 50 })

  it('is answered after the purge', async () => {
    const { db, cache, ...rest } = await opened()
    await stock(shop)
    const order: string[] = []
    cache.on('purge', ({ name }) => order.push(name))
    await write(db).then(() => order.push('write'))
    await db.transaction(async trx => void (await write(trx))).then(() => order.push('transaction'))
    expect(order).to.deep.equal(['~table products', 'write', '~table products', 'transaction'])
    expect(rest.purged).to.have.length(2)
  })

  it('is not seen by who asks before it, and by all who ask after it', async () => {
    const { db } = await opened()
    expect(await stock(shop)).to.equal(3)
    const [sent, go] = [gate(), gate()]
    between(db, async (sql, send) => {
      if (!/^commit/i.test(sql)) return send()
      sent.open()
      await go
      return send()
    })
    const written = db.transaction(async trx => void (await write(trx)))
    await sent
    expect(await stock(shop)).to.equal(3)
    go.open()
    await written
    expect(await stock(shop)).to.equal(50)
  })

  it('is not covered by a read that began before it and ends after it', async () => {
    const { db, fills } = await opened()
    const [reading, go] = [gate(), gate()]
    let held = false
    between(db, async (sql, send) => {
      const answer = await send()
      if (held || !sql.startsWith('select `stock`')) return answer
      held = true
      reading.open()
      await go
      return answer
    })
    const before = stock(shop)
    await reading
    await write(db)
    go.open()
    expect(await before).to.equal(3)
    expect(fills()).to.equal(0)
    expect(await stock(shop)).to.equal(50)
  })

  for (const sent of [true, false]) {
    it(`purges when COMMIT is not answered, ${sent ? 'though it was carried out' : 'and never arrived'}`, async () => {
      const { db, fills } = await opened()
      await stock(shop)
      between(db, async (sql, send) => {
        if (!/^commit/i.test(sql)) return send()
        if (sent) await send()
        throw new Error('Lost')
      })
      const error = await db.transaction(async trx => void (await write(trx))).catch((thrown: unknown) => thrown)
      expect(String(error)).to.contain('Lost')
      expect(shop.purged).to.include('table products')
      // The connection on which the transaction may be open is in the pool again, and shows what may never be committed.
      expect(await stock(shop)).to.equal(50)
      expect(fills()).to.equal(1)
    })
  }

  it('purges when it failed, for it may have happened', async () => {
    const { db } = await opened()
    await stock(shop)
    const error = await db('products')
      .insert({ name: 'comb' })
      .catch((thrown: unknown) => thrown)
    expect(String(error)).to.contain('UNIQUE')
    expect(shop.purged).to.deep.equal(['table products'])
  })

  it('purges a page and a value that were made of what it changed', async () => {
    const { db, cache } = await opened()
    const page = () =>
      cache.getOrSet('page', async () => JSON.stringify([await db('products').noCache().pluck('stock'), await db('makers')]))
    const before = await page()
    await db('tills').insert({ amount: 1 })
    const hits = shop.hits()
    expect(await page()).to.equal(before)
    expect(shop.hits()).to.equal(hits + 1)
    await write(db)
    expect(await page()).to.not.equal(before)
  })

  it('is purged at once after a conflict that has rolled back its transaction without a word', async () => {
    const { db } = await opened()
    const trx = await db.transaction()
    await trx.raw("insert or rollback into products (name) values ('comb')").catch(() => undefined)
    expect(await stock(shop)).to.equal(3)
    await write(trx)
    expect(await stock(shop)).to.equal(50)
    await trx.rollback().catch(() => undefined)
  })

  it('ends what a trigger writes that was made while the tables were being asked for', async () => {
    const { db, plain, cache } = await opened()
    const [asked, go] = [gate(), gate()]
    let held = false
    between(db, async (sql, send) => {
      const answer = await send()
      if (held || !sql.includes('sqlite_master')) return answer
      held = true
      asked.open()
      await go
      return answer
    })
    const early = stock(shop)
    await asked
    await plain.raw('create trigger acts after update on products begin update tills set amount = amount + 1; end')
    await cache.clear()
    const tills = async () => (await db('tills').orderBy('id').pluck('amount')) as unknown
    const before = tills()
    await turn()
    go.open()
    expect([await early, await before]).to.deep.equal([3, [10, 20]])
    await write(db)
    expect(await tills()).to.deep.equal([11, 21])
  })

  it('is not a part of what is kept, before it is committed', async () => {
    const { db, cache } = await opened()
    const made = cache.getOrSet('page', () =>
      db.transaction(async trx => (await write(trx), (await trx('products').where({ name: 'comb' }).first()).stock)),
    )
    expect(await made).to.equal(50)
    expect(await cache.get('page')).to.equal(undefined)
  })

  it('is not covered by what a transaction sees that began before it', async () => {
    const { db, cache } = await opened()
    const trx = await db.transaction()
    await trx('makers')
    const page = () => cache.getOrSet('page', async () => (await trx('products').where({ name: 'comb' }).first()).stock as unknown)
    expect(await page()).to.equal(3)
    expect(await cache.get('page')).to.equal(undefined)
    await trx.commit()
  })

  describe('with a store that several processes share', () => {
    /** A memory store that is told of intents, as those outside the process are. */
    function sharedStore(stands: () => boolean = () => true) {
      const store = memoryStore()
      const said: string[] = []
      const purge = store.purge.bind(store)
      let fails: string | undefined
      const shared: Store = Object.assign(store, {
        async intend(purges: readonly Purge[]) {
          said.push(`intent on ${purges.map(({ name }) => name).join()}`)
          if (fails === 'intent') throw new Error('Out of reach')
          await turn()
          return { stands }
        },
        async purge(purges: readonly Purge[], options?: Parameters<Store['purge']>[1]) {
          await turn()
          if (fails === 'purge') throw new Error('Out of reach')
          await purge(purges)
          said.push(`purge of ${purges.map(({ name }) => name).join()}${options?.intent === undefined ? '' : ', withdrawn'}`)
        },
      })
      return { shared, said, fail: (at: string | undefined) => void (fails = at) }
    }

    it('is announced before COMMIT, and withdrawn with the purge', async () => {
      const { shared, said } = sharedStore()
      const { db } = await opened({ cache: { store: shared } })
      between(db, async (sql, send) => {
        const answer = await send()
        if (/^(?:commit|update)/i.test(sql)) said.push(sql.split(' ', 1)[0] ?? '')
        return answer
      })
      await db.transaction(async trx => void (await write(trx)))
      expect(said).to.deep.equal(['update', 'intent on ~table products', 'COMMIT;', 'purge of ~table products, withdrawn'])
      said.length = 0
      await write(db)
      expect(said).to.deep.equal(['intent on ~table products', 'update', 'purge of ~table products, withdrawn'])
    })

    it('is announced anew if the first announcement may have run out', async () => {
      let declared = 0
      const { shared, said } = sharedStore(() => ++declared > 1)
      const { db } = await opened({ cache: { store: shared } })
      await write(db)
      expect(said.filter(line => line.startsWith('intent'))).to.have.length(2)
    })

    for (const [what, run] of [
      ['a statement', (db: Knex) => Promise.resolve(write(db))],
      ['a transaction', (db: Knex) => db.transaction(async trx => void (await write(trx)))],
    ] as const) {
      it(`is not made by ${what} that cannot be announced`, async () => {
        const { shared, fail } = sharedStore()
        const { db, plain } = await opened({ cache: { store: shared }, knex: { pool: { min: 1, max: 1 } } })
        await stock(shop)
        fail('intent')
        const error = await run(db).catch((thrown: unknown) => thrown)
        expect(error).to.include({ code: 'ERR_CACHE_STORE' })
        fail(undefined)
        expect((await plain('products').where({ name: 'comb' }).first('stock')).stock).to.equal(3)
        await run(db)
        expect(await stock(shop)).to.equal(50)
      })

      it(`rejects if it was made by ${what} and the purge cannot be said`, async () => {
        const { shared, fail } = sharedStore()
        const { db } = await opened({ cache: { store: shared } })
        await db('makers')
        fail('purge')
        const error = await run(db).catch((thrown: unknown) => thrown)
        expect(error).to.include({ code: 'ERR_CACHE_STORE' })
        fail(undefined)
      })
    }
  })

  describe('and signals raised in its transaction', () => {
    it('are heard after COMMIT, before it is answered', async () => {
      const { db, cache } = await opened()
      const order: string[] = []
      cache.signals.on('product', 'saved', async ({ after }) => {
        await turn()
        order.push(`saved ${JSON.stringify(after)}`)
      })
      await db.transaction(async trx => {
        await write(trx)
        await cache.signals.saved('product', { after: { id: 1 } })
        await trx.transaction(async inner => {
          await write(inner)
          await cache.signals.saved('product', { after: { id: 2 } })
        })
        order.push('before COMMIT')
      })
      expect(order).to.deep.equal(['before COMMIT', 'saved {"id":1}', 'saved {"id":2}'])
    })

    it('vanish with its rollback, or with that of its savepoint', async () => {
      const { db, cache } = await opened()
      const heard: unknown[] = []
      cache.signals.on('product', 'saved', ({ after }) => heard.push(after))
      const undo = async (from: Knex, row: string) =>
        from
          .transaction(async trx => {
            await write(trx)
            await cache.signals.saved('product', { after: row })
            throw new Error('taken back')
          })
          .catch(() => undefined)
      await undo(db, 'one')
      await db.transaction(async trx => {
        await undo(trx, 'two')
        await cache.signals.saved('product', { after: 'three' })
      })
      await cache.signals.saved('product', { after: 'four' })
      expect(heard).to.deep.equal(['three', 'four'])
    })

    it('are heard also of what is written after a statement of it has failed', async () => {
      const { db, cache } = await opened()
      const heard: unknown[] = []
      cache.signals.on('products', 'saved', ({ after }) => heard.push(after?.['name']))
      await db.transaction(async trx => {
        const insert = (name: string) => trx('products').insert({ name }).returning('*')
        await insert('comb').catch(() => undefined)
        await insert('file')
        expect(heard).to.deep.equal([])
      })
      expect(heard).to.deep.equal(['file'])
    })

    it('are told of if their listeners fail', async () => {
      const { db, cache } = await opened()
      cache.signals.on('product', 'saved', () => {
        throw new Error('No listener')
      })
      const error = await db.transaction(async () => cache.signals.saved('product', { after: 1 })).catch((thrown: unknown) => thrown)
      expect(String(error)).to.contain('No listener')
    })
  })
})
