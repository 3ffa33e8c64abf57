import knex from 'knex'
import { createCache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import type { Turn } from '../measure/contest.js'
import { serveQuestions } from '../measure/questions.js'
import { TASKS } from './tasks.js'

const [name = '', way] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`There is no task "${name}"`)
const { tables, repeats = Infinity } = task

const db = knex({ client: await SqliteDialect.load(), connection: { filename: ':memory:' }, useNullAsDefault: true })
const cache = createCache()
if (way !== 'plain') cacheQueries(db, cache, { tables: Object.fromEntries(tables.map(table => [table, { ttl: '1h' }])) })
const ask = (turn: number) => task.run(db, turn)
const run = way === 'function' ? cache.cached(ask, { key: 'task:{0}', ttl: '1h' }) : ask
await db.schema.createTable('products', table => {
  table.increments('id')
  table.string('name')
  table.string('category').index()
  table.integer('price')
})
await db.schema.createTable('sales', table => {
  table.increments('id')
  table.integer('product')
  table.integer('amount')
})
const products = Array.from({ length: 20_000 }, (_, index) => ({
  name: `product ${index}`,
  category: `category ${index % 20}`,
  price: (index * 7919) % 1000,
}))
for (let from = 0; from < products.length; from += 400) await db('products').insert(products.slice(from, from + 400))
for (let turn = 0; turn < 500; turn++) await run(turn % repeats)
let turns = 0

serveQuestions(async (ms): Promise<Turn> => {
  const begin = performance.now()
  const used = process.cpuUsage()
  let operations = 0
  for (; performance.now() < begin + ms; operations += 10) for (let call = 0; call < 10; call++) await run(turns++ % repeats)
  const { user, system } = process.cpuUsage(used)
  return { operations, cpuUs: user + system, elapsedUs: (performance.now() - begin) * 1000 }
})
