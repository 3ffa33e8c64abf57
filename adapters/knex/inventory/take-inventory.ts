import type { Inventory } from '../../../lib/queries/catalog.js'
import type { Dialect } from '../../../lib/queries/tokens.js'
import type { Client } from '../knex-client.js'
import type { Ask, Row } from './asking.js'
import { mysqlInventory } from './mysql.js'
import { postgresqlInventory } from './postgresql.js'
import { sqliteInventory } from './sqlite.js'

const INVENTORIES: Readonly<Record<Dialect, (ask: Ask) => Promise<Inventory>>> = {
  sqlite: sqliteInventory,
  postgresql: postgresqlInventory,
  mysql: mysqlInventory,
}

/** What the database consists of, asked on a connection on which no transaction is open. */
export function takeInventory(client: Client, connection: object, dialect: Dialect): Promise<Inventory> {
  return INVENTORIES[dialect](async sql => rowsIn(await client._query(connection, { sql, bindings: [], method: 'raw', options: {} })))
}

/** As each driver brings them. */
function rowsIn({ response }: { readonly response?: unknown }): readonly Row[] {
  const rows: unknown = isResult(response) ? response.rows : response
  if (!Array.isArray(rows)) return []
  const [first]: readonly unknown[] = rows
  return (Array.isArray(first) ? first : rows) as readonly Row[]
}

function isResult(response: unknown): response is { readonly rows: unknown } {
  return typeof response === 'object' && response !== null && 'rows' in response
}
