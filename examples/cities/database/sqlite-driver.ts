/** What the dialect needs of `node:sqlite`, and of the package that stands in for it. */
export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

interface SqliteStatement {
  all(...bindings: readonly unknown[]): readonly unknown[]
  run(...bindings: readonly unknown[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint }
}

export interface SqliteDriver {
  readonly DatabaseSync: new (filename: string) => SqliteDatabase
}

/** `node:sqlite` where this Node has it without a flag (22.13 and later), else the same API from a package with its own binary. */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  const builtIn: unknown = process.getBuiltinModule('node:sqlite')
  if (isDriver(builtIn)) return builtIn
  const standIn: unknown = await import('@photostructure/sqlite')
  if (isDriver(standIn)) return standIn
  throw new Error('No SQLite: neither node:sqlite nor @photostructure/sqlite offers DatabaseSync.')
}

function isDriver(module: unknown): module is SqliteDriver {
  return typeof module === 'object' && module !== null && 'DatabaseSync' in module && typeof module.DatabaseSync === 'function'
}
