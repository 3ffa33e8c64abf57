import type { Inventory } from '../../../lib/queries/catalog.js'
import { bodyIn, columnsIn, text, type Ask } from './asking.js'

/** What SQLite itself and the modules of virtual tables write to is left out: that changes unseen. */
const OBJECTS = `select case when m.sql like 'create virtual table%' then 'view' else m.type end as type, m.name, m.tbl_name, m.sql as body from sqlite_master m
where m.type in ('table', 'view', 'trigger') and m.name not like 'sqlite\\_%' escape '\\'
and not exists (select 1 from sqlite_master v where v.sql like 'create virtual table%' and m.type = 'table' and substr(m.name, 1, length(v.name) + 1) = v.name || '_')`

/** An insert that makes room for itself (on conflict replace) sets off keys as well. */
const CASCADES = `select distinct m.name as child, f."table" as parent,
  exists (select 1 from sqlite_master p where lower(p.name) = lower(f."table") and p.sql like '%conflict%') as always from sqlite_master m, pragma_foreign_key_list(m.name) f
where m.type = 'table' and (f.on_update not in ('NO ACTION', 'RESTRICT') or f.on_delete not in ('NO ACTION', 'RESTRICT'))`

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
  const cascades = await ask(CASCADES)
  // Absent from some builds, and so from what those can do.
  const volatile = await ask(VOLATILE).catch(() => [])
  return {
    tables: of('table').map(row => text(row, 'name')),
    schemas: ['main'],
    views: of('view').map(row => ({ name: text(row, 'name'), body: bodyIn(row) })),
    cascades: cascades.map(row => ({ parent: text(row, 'parent'), child: text(row, 'child'), always: Boolean(row['always']) })),
    triggers: of('trigger').map(row => ({ table: text(row, 'tbl_name'), body: bodyIn(row) })),
    functions: [],
    columns: columnsIn(await ask(COLUMNS)),
    volatile: volatile.map(row => text(row, 'name')),
    untransacted: [],
  }
}
