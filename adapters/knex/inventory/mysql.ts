import type { Inventory } from '../../../lib/queries/catalog.js'
import { bodyIn, text, type Ask } from './asking.js'

const TABLES = `select table_name as name, table_type as kind from information_schema.tables where table_schema = database()`

const VIEWS = `select table_name as name, view_definition as body from information_schema.views where table_schema = database()`

const CASCADES = `select referenced_table_name as parent, table_name as child from information_schema.referential_constraints
where constraint_schema = database() and not (update_rule in ('NO ACTION', 'RESTRICT') and delete_rule in ('NO ACTION', 'RESTRICT'))`

const TRIGGERS = `select event_object_table as name, action_statement as body from information_schema.triggers where event_object_schema = database()`

const FUNCTIONS = `select routine_name as name, routine_definition as body from information_schema.routines
where routine_schema = database() and routine_type = 'FUNCTION'`

const SCHEMAS = 'select database() as name'

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
  }
}
