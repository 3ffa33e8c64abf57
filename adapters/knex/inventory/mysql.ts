import type { Inventory } from '../../../lib/queries/catalog.js'
import { bodyIn, columnsIn, text, type Ask } from './asking.js'

const TABLES = `select table_name as name, table_type as kind from information_schema.tables where table_schema = database()`

const VIEWS = `select table_name as name, view_definition as body from information_schema.views where table_schema = database()`

const CASCADES = `select referenced_table_name as parent, table_name as child from information_schema.referential_constraints
where constraint_schema = database() and not (update_rule in ('NO ACTION', 'RESTRICT') and delete_rule in ('NO ACTION', 'RESTRICT'))`

const TRIGGERS = `select event_object_table as name, action_statement as body from information_schema.triggers where event_object_schema = database()`

const FUNCTIONS = `select routine_name as name, routine_definition as body from information_schema.routines
where routine_schema not in ('sys', 'mysql', 'information_schema', 'performance_schema') and routine_type = 'FUNCTION'`

/** Also those of engines that are not there. */
const UNTRANSACTED = `select t.table_name as name from information_schema.tables t left join information_schema.engines e on e.engine = t.engine
where t.table_schema = database() and t.engine is not null and coalesce(e.transactions, 'NO') <> 'YES'`

const SCHEMAS = 'select database() as name'

/** Collations of which it is known that plain letters and digits count as equal only if they are the same, but for their case. */
const PLAIN = `'^([a-z0-9]+_)?(bin|general|unicode|unicode_520|0900|uca1400)(_nopad)?(_(ai|as))?(_(ci|cs|bin))?$|^latin1_swedish_ci$'`

/** In a mode that is not strict, what is written may be cut to what fits. */
const COLUMNS = `select table_name as "table", column_name as name, column_key = 'PRI' as "key", case
  when coalesce(generation_expression, '') <> '' or @@sql_mode not regexp 'STRICT_(TRANS|ALL)_TABLES' then null
  when data_type in ('tinyint', 'smallint', 'mediumint', 'int', 'bigint') then 'whole'
  when data_type in ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext') and collation_name regexp ${PLAIN} then 'text'
  when data_type = 'uuid' then 'text' end as kind, extra like '%auto_increment%' as "generated"
from information_schema.columns where table_schema = database()`.replaceAll('"', '`')

export async function mysqlInventory(ask: Ask): Promise<Inventory> {
  const [tables, views, cascades] = [await ask(TABLES), await ask(VIEWS), await ask(CASCADES)]
  const [triggers, functions, schemas] = [await ask(TRIGGERS), await ask(FUNCTIONS), await ask(SCHEMAS)]
  return {
    tables: tables.filter(row => /TABLE|VERSIONED/.test(text(row, 'kind'))).map(row => text(row, 'name')),
    schemas: schemas.map(row => text(row, 'name')),
    views: views.map(row => ({ name: text(row, 'name'), body: bodyIn(row) })),
    cascades: cascades.map(row => ({ parent: text(row, 'parent'), child: text(row, 'child') })),
    triggers: triggers.map(row => ({ table: text(row, 'name'), body: bodyIn(row) })),
    // What a function is declared to do is not checked there.
    functions: functions.map(row => ({ name: text(row, 'name'), body: bodyIn(row), writes: true })),
    volatile: [],
    columns: columnsIn(await ask(COLUMNS)),
    untransacted: (await ask(UNTRANSACTED)).map(row => text(row, 'name')),
  }
}
