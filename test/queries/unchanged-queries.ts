import type { Knex } from 'knex'
import { tell, type Scenarios } from './told.js'

const rows = (answer: unknown): unknown => {
  const [first] = Array.isArray(answer) ? (answer as readonly unknown[]) : [undefined]
  return Array.isArray(first) ? first : Array.isArray(answer) ? answer : (answer as { readonly rows: unknown }).rows
}

async function withTags(db: Knex): Promise<void> {
  await db.schema.createTable('tags', table => {
    table.increments('id')
    table.integer('note')
    table.string('name', 20).unique()
  })
  await db('tags').insert([
    { note: 1, name: 'red' },
    { note: 1, name: 'blue' },
    { note: 3, name: 'lost' },
  ])
}

/** What queries bring, what writes answer, and what can be done with builders. */
export const QUERIES: Scenarios = {
  'joins, unions, subqueries and common table expressions': async (db, told) => {
    await withTags(db)
    for (let time = 0; time < 2; time++) {
      told.push(await db('notes').join('tags', 'notes.id', 'tags.note').select('text', 'name').orderBy('name'))
      told.push(await db('notes as n').leftJoin('tags as t', 'n.id', 't.note').select('n.id', 't.name').orderBy(['n.id', 't.name']))
      told.push(await db('tags').whereNotExists(db('notes').whereRaw('notes.id = tags.note')).select('name'))
      told.push(await db('notes').select('id').union(db('tags').select('note')).orderBy('id'))
      told.push(
        await db.with('few', db('tags').where('note', 1)).from('few').select('name', db('notes').max('id').as('most')).orderBy('name'),
      )
      const counted = 'select 1 as x union all select x + 1 from n where x < 4'
      told.push(await db.withRecursive('n', ['x'], db.raw(counted)).from('n').sum({ total: 'x' }).first())
      told.push(
        await db('tags').groupBy('note').having('note', '>', 0).select('note').count({ n: '*' }).avg({ mean: 'id' }).orderBy('note'),
      )
      told.push(await db('tags').distinct('note').orderBy('note').limit(1).offset(1), await db('tags').min({ least: 'id' }).first())
      told.push(await db('tags').whereBetween('id', [1, 2]).andWhereNot('name', 'red').orWhereNull('note').pluck('name'))
      told.push(await db('tags').where('name', 'like', '%e%').whereIn('note', [1, 2]).orderBy('id').first('name'))
    }
  },
  'raw queries, named bindings, references and functions': async (db, told) => {
    for (let time = 0; time < 2; time++) {
      told.push(rows(await db.raw('select :text: as x from notes where :id: = :value order by 1', { text: 'text', id: 'id', value: 1 })))
      told.push(rows(await db.raw('select ?? from ?? where ?? = ?', ['text', 'notes', 'id', 2])))
      told.push(
        await db('notes')
          .select(db.ref('text').as('t'))
          .where('id', '<', db.ref('id') as never),
      )
      told.push(
        await db('notes')
          .select({ loud: db.raw('upper(??)', ['text']) })
          .orderBy('id'),
      )
      told.push(await db('notes').whereRaw('id = :id', { id: 2 }).select(db.raw('id * 2 as twice')).first())
      told.push((await db('notes').select(db.fn.now()).first()) !== undefined)
      told.push(await db('notes').where({ text: 'none' }), await db('notes').where({ text: 'none' }).first())
    }
  },
  'post-processing, with its context': async (db, told) => {
    const { config } = db.client as { config: Knex.Config }
    config.postProcessResponse = (answer: unknown, context: unknown) => {
      told.push(['processed', context])
      return Array.isArray(answer) ? answer.map((row: object) => (typeof row === 'object' ? { ...row, seen: true } : row)) : answer
    }
    for (let time = 0; time < 2; time++) {
      told.push(await db('notes').queryContext({ who: time }).orderBy('id'), await db('notes').first().orderBy('id'))
      told.push(
        await db('notes').orderBy('id').pluck('text'),
        await db('notes')
          .where({ id: 1 })
          .update({ text: `${time}` }),
      )
    }
  },
  'what a write answers': async (db, told, dialect) => {
    told.push(await db('notes').insert({ id: 11, text: 'x' }), await db('notes').where({ id: 11 }).update({ text: 'y' }))
    told.push(await db('notes').where({ id: 99 }).update({ text: 'y' }), await db('notes').where({ id: 99 }).del())
    if (dialect !== 'mysql') {
      told.push(await db('notes').insert({ id: 12, text: 'x' }).returning('*'), await db('notes').insert({ id: 15 }, ['id', 'text']))
      told.push(await db('notes').where({ id: 12 }).update({ text: 'z' }).returning('text'), await db('notes').where({ id: 12 }).del('id'))
    }
    told.push(
      await db('notes').where('id', '>', 10).del(),
      await db('notes').increment('id', 100),
      await db('notes').decrement({ id: 100 }),
    )
    told.push(await db.batchInsert('notes', [{ id: 13 }, { id: 14 }], 1))
    told.push(await db.batchInsert('notes', [{ id: 20 }, { id: 1 }], 1).catch((error: unknown) => tell(error)))
    told.push(await db('notes').orderBy('id'))
    await withTags(db)
    told.push(await db('tags').insert({ note: 2, name: 'new' }), await db('tags').insert([{ name: 'a' }, { name: 'b' }]))
    told.push(await db('notes').truncate(), await db('notes').count({ n: '*' }))
  },
  upserts: async (db, told) => {
    await withTags(db)
    const look = async () => told.push(await db('tags').orderBy('id').select('note', 'name'))
    told.push(await db('tags').insert({ note: 7, name: 'red' }).onConflict('name').merge())
    await look()
    told.push(await db('tags').insert({ note: 8, name: 'red' }).onConflict('name').ignore())
    await look()
    await db('tags')
      .insert([
        { note: 9, name: 'blue' },
        { note: 9, name: 'green' },
      ])
      .onConflict('name')
      .merge({ note: 5 })
    await look()
  },
  'inserts of what is selected': async (db, told) => {
    await withTags(db)
    await db(db.raw('?? (??, ??)', ['notes', 'id', 'text'])).insert(db('tags').where('id', '>', 2).select('id', 'name'))
    told.push(await db('notes').orderBy('id'))
  },
  'the schema, migrations and seeds': async (db, told) => {
    told.push(await db.schema.hasTable('notes'), await db.schema.hasColumn('notes', 'text'), await db.schema.hasTable('nowhere'))
    await db.schema.alterTable('notes', table => void table.renameColumn('text', 'body'))
    await db.schema.alterTable('notes', table => void table.dropColumn('body'))
    told.push(await db('notes').columnInfo())
    await db.schema.createTable('notes', table => void table.increments()).catch((error: unknown) => told.push(tell(error)))
    const migrations: Readonly<Record<string, Knex.Migration>> = {
      one: { up: knex => knex.schema.createTable('made', table => void table.integer('n')), down: knex => knex.schema.dropTable('made') },
      two: { up: async knex => void (await knex('made').insert({ n: 1 })), down: async () => undefined },
    }
    const migrationSource: Knex.MigrationSource<string> = {
      getMigrations: async () => Object.keys(migrations),
      getMigrationName: name => name,
      getMigration: async name => migrations[name] ?? { up: async () => undefined },
    }
    told.push(await db.migrate.latest({ migrationSource }), await db('made'), await db.migrate.currentVersion({ migrationSource }))
    const seedSource = {
      getSeeds: async () => ['seed'],
      getSeed: async () => ({ seed: async (knex: Knex) => void (await knex('made').insert({ n: 2 })) }),
    }
    await db.seed.run({ seedSource })
    told.push(await db('made').orderBy('n'), await db.migrate.rollback({ migrationSource }, true), await db.schema.hasTable('made'))
  },
  'texts and copies of builders': async (db, told) => {
    const query = db('notes').where({ id: 1 }).orderBy('id')
    told.push(query.toQuery(), query.toSQL().toNative(), query.clone().clearWhere().toQuery(), db.raw('?? = ?', ['a', 1]).toQuery())
    told.push(await query, await query, await query.clone().first(), await query.clone().clear('where').clear('order').count({ n: '*' }))
    const changing = db('notes').where({ id: 1 })
    told.push(
      await changing
        .clone()
        .modify(one => void one.orWhere({ id: 2 }))
        .orderBy('id'),
      await changing,
    )
    told.push(db('notes').insert({ id: 1 }).toQuery(), db.schema.createTable('x', table => void table.integer('n')).toQuery())
  },
  'answers that are changed by who gets them': async (db, told) => {
    const [first] = (await db('notes').where({ id: 1 })) as { text: string }[]
    if (first !== undefined) first.text = 'changed'
    told.push(await db('notes').where({ id: 1 }))
    db.on('query-response', (answer: unknown) => Array.isArray(answer) && answer.splice(0, 1))
    told.push(await db('notes').orderBy('id'))
  },
}
