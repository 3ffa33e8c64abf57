import knex, { type Knex } from 'knex'
import type { Database } from '../queries/shop.js'
import { mariadbOrSkip } from '../servers/mariadb.js'
import { postgresqlOrSkip } from '../servers/postgresql.js'
import type { TestServer } from '../servers/test-server.js'
import { createdOn } from './created-on.js'

/** The databases that need a server, each with a database of its own on it for every use. */
export const SERVERS: readonly Kind[] = [
  { name: 'PostgreSQL', dialect: 'postgresql', client: 'pg', start: postgresqlOrSkip },
  { name: 'MariaDB', dialect: 'mysql', client: 'mysql2', start: mariadbOrSkip },
]

interface Kind {
  readonly name: string
  readonly dialect: Database['dialect']
  readonly client: string
  readonly start: (context: Mocha.Context) => Promise<TestServer>
}

/** The databases of a server that is started before the tests of the suite and stopped after them. */
export function databasesOf({ name, dialect, client, start }: Kind): Database {
  let server: TestServer | undefined
  let admin: Knex | undefined

  before(async function () {
    server = await start(this)
    admin = knex({ client, connection: server.url, pool: { min: 0, max: 2 } })
  })

  after(async () => {
    await admin?.destroy()
    await server?.stop()
  })

  return createdOn({ name, dialect, client }, () => ({ admin, url: server?.url ?? '' }))
}
