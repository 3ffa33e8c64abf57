import type { Cache } from 'smart-cache'

/** The cache; from a moment later on what it does is written down, in a database in memory. */
export function counted(cache: Cache): Cache {
  void count(cache)
  return cache
}

/** What it takes is loaded here alone: nobody else is to be measured with it. */
async function count(cache: Cache): Promise<void> {
  const [{ default: knex }, { analytics }, { SqliteDialect }] = await Promise.all([
    import('knex'),
    import('smart-cache/knex'),
    import('../../examples/cities/database/sqlite-dialect.js'),
  ])
  const client = await SqliteDialect.load()
  const connection = { filename: ':memory:' }
  analytics({ knex: knex({ client, connection, useNullAsDefault: true, pool: { min: 1, max: 1 } }), cache, flushEvery: '1s' })
}
