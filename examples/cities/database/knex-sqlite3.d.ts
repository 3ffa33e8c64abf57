/** knex ships its dialects without types. */
declare module 'knex/lib/dialects/sqlite3/index.js' {
  import type { Knex } from 'knex'

  const Sqlite3Client: typeof Knex.Client
  export default Sqlite3Client
}
