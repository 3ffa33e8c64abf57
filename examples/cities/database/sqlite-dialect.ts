import type { Knex } from 'knex'
import Sqlite3Client from 'knex/lib/dialects/sqlite3/index.js'
import { loadSqliteDriver } from './sqlite-driver.js'
import type { SqliteDatabase, SqliteDriver } from './sqlite-driver.js'

/** A query on its way through knex; the dialect leaves the answer in `response` and `context`. */
interface Query {
  readonly sql?: string
  readonly method?: string
  readonly returning?: unknown
  readonly bindings?: readonly unknown[]
  response?: unknown
  context?: { readonly lastID: number; readonly changes: number }
}

/**
 * knex's SQLite dialect over the synchronous `DatabaseSync` API. SQL, schema and transactions are knex's own;
 * only opening, asking and closing differ. A query blocks the event loop while SQLite works.
 * Nothing is kept on the instance: knex makes a bare copy of the client for each transaction.
 */
export class SqliteDialect extends Sqlite3Client {
  /** A fresh class per driver: knex asks for the driver while the client is being built. */
  static async load(): Promise<typeof Knex.Client> {
    const driver = await loadSqliteDriver()
    return class extends SqliteDialect {
      _driver(): SqliteDriver {
        return driver
      }
    }
  }

  override async acquireRawConnection(): Promise<SqliteDatabase> {
    const { DatabaseSync } = this.driver as SqliteDriver
    const { filename } = this.connectionSettings as { readonly filename: string }
    const connection = new DatabaseSync(filename)
    connection.exec('PRAGMA busy_timeout = 5000')
    return connection
  }

  override async destroyRawConnection(connection: SqliteDatabase): Promise<void> {
    connection.close()
  }

  async _query(connection: SqliteDatabase, query: Query): Promise<Query> {
    if (!query.sql) throw new Error('The query is empty')
    const statement = connection.prepare(query.sql)
    const bindings = (query.bindings ?? []).map(toSqlite)
    if (returnsRows(query)) {
      query.response = statement.all(...bindings)
    } else {
      const { changes, lastInsertRowid } = statement.run(...bindings)
      query.context = { changes: Number(changes), lastID: Number(lastInsertRowid) }
    }
    return query
  }
}

function returnsRows({ method, returning }: Query): boolean {
  if (method === 'insert' || method === 'update') return Boolean(returning)
  return method !== 'del' && method !== 'counter'
}

/** SQLite has neither dates nor booleans; the drivers differ in whether they refuse them. */
function toSqlite(binding: unknown): unknown {
  if (binding instanceof Date) return binding.getTime()
  if (typeof binding === 'boolean') return Number(binding)
  return binding === undefined ? null : binding
}
