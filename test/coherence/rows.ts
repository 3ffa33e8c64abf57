import { loadSqliteDriver } from '../../examples/cities/database/sqlite-driver.js'

/** The rows of a real database, each with a version that every write raises by one. */
export interface Rows {
  versionOf(id: number): number
  /** Raises it, in a transaction that has been committed when this returns. */
  next(id: number): number
  /** The same, if it may still be committed once the lock has been had: whoever has to wait for it finds out how long only afterwards. */
  nextIf(id: number, mayCommit: () => boolean): number | undefined
  close(): void
}

interface Row {
  readonly version: number
}

/** Opens the database in the file, and makes `create` rows in it if told to. */
export async function openRows(file: string, create = 0): Promise<Rows> {
  const { DatabaseSync } = await loadSqliteDriver()
  const database = new DatabaseSync(file)
  database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  database.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)')
  for (let id = 0; id < create; id++) database.prepare('INSERT INTO rows VALUES (?, 1)').run(id)
  const select = database.prepare('SELECT version FROM rows WHERE id = ?')
  const update = database.prepare('UPDATE rows SET version = version + 1 WHERE id = ? RETURNING version')
  const next = (id: number) => (update.all(id)[0] as Row).version
  return {
    next,
    versionOf: id => (select.all(id)[0] as Row).version,
    nextIf(id, mayCommit) {
      database.exec('BEGIN IMMEDIATE')
      const version = next(id)
      const may = mayCommit()
      database.exec(may ? 'COMMIT' : 'ROLLBACK')
      return may ? version : undefined
    },
    close: () => database.close(),
  }
}
