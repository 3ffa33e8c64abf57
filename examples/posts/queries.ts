import knex from 'knex'
import { createCache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { SqliteDialect } from '../cities/database/sqlite-dialect.js'

const config = { client: await SqliteDialect.load(), connection: { filename: ':memory:' }, useNullAsDefault: true }
const title = 'Second thoughts'
const cache = createCache()
cache.on('hit', () => console.log('kept'))

const db = cacheQueries(knex(config), cache) // from smart-cache/knex
await db.schema.createTable('posts', table => {
  table.increments('id')
  table.string('title')
  table.integer('author')
})
await db('posts').insert({ title: 'First thoughts', author: 7 })

await db('posts').where({ author: 7 }) // kept, by its SQL; so is any page that reads it
console.log(await db('posts').where({ author: 7 }))
await db('posts').where({ id: 1 }).update({ title }) // resolved: nobody is served the old rows, or a page made of them
console.log(await db('posts').where({ author: 7 }))
await db.destroy()
