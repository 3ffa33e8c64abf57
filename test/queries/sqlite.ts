import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import type { Database } from './shop.js'

/** Files in a folder of their own, each with several connections; by `node:sqlite` or what stands in for it, or by the client of knex that `TEST_SQLITE_CLIENT` names. */
export const sqlite: Database = {
  name: 'SQLite',
  dialect: 'sqlite',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'smart-cache-sqlite-'))
    const client = process.env['TEST_SQLITE_CLIENT'] ?? (await SqliteDialect.load())
    const setUp = (connection: { exec(sql: string): void }, done: (error: Error | undefined, connection: unknown) => void) => {
      connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON')
      done(undefined, connection)
    }
    const config: Knex.Config = {
      client,
      connection: { filename: join(folder, 'shop.sqlite') },
      useNullAsDefault: true,
      pool: { min: 0, max: 4, afterCreate: setUp },
      log: { warn: () => undefined },
    }
    return { config, drop: () => rm(folder, { recursive: true, force: true }) }
  },
}
