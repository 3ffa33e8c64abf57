import type { Inventory } from '../../../lib/queries/catalog.js'
import { bodyIn, columnsIn, text, type Ask } from './asking.js'

const OBJECTS = `select type, name, tbl_name, sql as body from sqlite_master where type in ('table', 'view', 'trigger')`

const CASCADES = `select distinct m.name as child, f."table" as parent from sqlite_master m, pragma_foreign_key_list(m.name) f
where m.type = 'table' and (f.on_update not in ('NO ACTION', 'RESTRICT') or f.on_delete not in ('NO ACTION', 'RESTRICT'))`

const SCHEMAS = 'select name from pragma_database_list'

/** Where a row could make room for another (on conflict replace), it is not only the rows that are named that change. */
const COLUMNS = `select m.name as "table", c.name, c.pk > 0 as key, case when m.sql like '%conflict%' then null when upper(c.type) like '%INT%' then 'whole'
  when upper(c.type) like '%CHAR%' or upper(c.type) like '%CLOB%' or upper(c.type) like '%TEXT%' then 'text' end as kind,
  upper(c.type) = 'INTEGER' and c.pk = 1 and m.sql not like '%without%rowid%'
  and not exists (select 1 from pragma_table_info(m.name) o where o.pk > 1) as generated
from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`

/** Functions that the program has added and not declared to be deterministic. */
const VOLATILE = 'select distinct name from pragma_function_list where builtin = 0 and flags & 0x800 = 0'

export async function sqliteInventory(ask: Ask): Promise<Inventory> {
  const objects = await ask(OBJECTS)
  const of = (type: string) => objects.filter(row => row['type'] === type)
  const [cascades, schemas] = [await ask(CASCADES), await ask(SCHEMAS)]
  // Absent from some builds, and so from what those can do.
  const volatile = await ask(VOLATILE).catch(() => [])
  return {
    tables: of('table').map(row => text(row, 'name')),
    schemas: schemas.map(row => text(row, 'name')).filter(name => name !== 'temp'),
    views: of('view').map(row => ({ name: text(row, 'name'), body: bodyIn(row) })),
    cascades: cascades.map(row => ({ parent: text(row, 'parent'), child: text(row, 'child') })),
    triggers: of('trigger').map(row => ({ table: text(row, 'tbl_name'), body: bodyIn(row) })),
    functions: [],
    columns: columnsIn(await ask(COLUMNS)),
    volatile: volatile.map(row => text(row, 'name')),
  }
}
