import type { Inventory } from '../../../lib/queries/catalog.js'
import { TRIGGER } from '../notifications.js'
import { bodyIn, columnsIn, text, type Ask } from './asking.js'

const USERS = `n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'`
/** What SQL and PL/pgSQL say; of other languages nothing is told. */
const BODY = `case when l.lanname in ('sql', 'plpgsql') then coalesce(nullif(p.prosrc, ''), pg_get_functiondef(p.oid)) end`
const OF_EXTENSION = `exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`

/** Tables elsewhere and temporary ones are left out: they change unseen, or differ from connection to connection. */
const TABLES = `select distinct c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and ${USERS}`

const VIEWS = `select c.relname as name, pg_get_viewdef(c.oid) as body from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and c.relpersistence <> 't' and ${USERS}
union all select c.relname, pg_get_expr(p.polqual, p.polrelid) from pg_policy p join pg_class c on c.oid = p.polrelid where c.relrowsecurity and p.polqual is not null`

const CASCADES = `select distinct k.confrelid::regclass::oid, p.relname as parent, c.relname as child from pg_constraint k
join pg_class p on p.oid = k.confrelid join pg_class c on c.oid = k.conrelid
where k.contype = 'f' and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))`

const HEIRS = `select p.relname as parent, c.relname as child from pg_inherits i
join pg_class p on p.oid = i.inhparent join pg_class c on c.oid = i.inhrelid where c.relkind in ('r', 'p')`

const TRIGGERS = `select c.relname as "table", ${BODY} as body from pg_trigger t
join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid join pg_language l on l.oid = p.prolang where not t.tgisinternal and t.tgname <> '${TRIGGER}'
union all select c.relname, pg_get_ruledef(r.oid) from pg_rewrite r join pg_class c on c.oid = r.ev_class where r.rulename <> '_RETURN'
union all select c.relname, pg_get_expr(a.adbin, a.adrelid) from pg_attrdef a join pg_class c on c.oid = a.adrelid where ${calls('pg_attrdef', 'a.oid')}
union all select c.relname, pg_get_constraintdef(k.oid) from pg_constraint k join pg_class c on c.oid = k.conrelid where ${calls('pg_constraint', 'k.oid')}`

/** Does it call a function of the database's users, which may do anything? */
function calls(catalog: string, oid: string): string {
  return `exists (select from pg_depend u join pg_proc p on p.oid = u.refobjid join pg_namespace n on n.oid = p.pronamespace
where u.classid = '${catalog}'::regclass and u.objid = ${oid} and u.refclassid = 'pg_proc'::regclass and p.provolatile <> 'i' and ${USERS} and not ${OF_EXTENSION})`
}

/** One of a row alone may be called as if it was a column of it. */
const FUNCTIONS = `select p.proname as name, p.provolatile = 'v' as writes, ${BODY} as body,
  p.pronargs = 1 and exists (select from pg_type y where y.oid = p.proargtypes[0] and y.typtype = 'c') as attribute from pg_proc p
join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
where ${USERS} and p.provolatile <> 'i' and p.prorettype <> 'trigger'::regtype and not ${OF_EXTENSION}`

const VOLATILE = `select distinct p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.provolatile = 'v' and (n.nspname = 'pg_catalog' or ${OF_EXTENSION})`

/** Columns whose names differ by case alone are not told apart here. Some things are absent from older versions. */
const COLUMNS = `select c.relname as "table", a.attname as name, a.attnum = any(i.indkey) as key, case
  when coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '' then null
  when exists (select from pg_attribute o where o.attrelid = a.attrelid and o.attnum <> a.attnum and lower(o.attname) = lower(a.attname)) then null
  when t.typname in ('int2', 'int4', 'int8') then 'whole'
  when t.typname in ('text', 'varchar', 'bpchar', 'citext', 'uuid') and coalesce((to_jsonb(k) ->> 'collisdeterministic')::boolean, true) then 'text'
  end as kind, false as generated
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid left join pg_index i on i.indrelid = c.oid and i.indisprimary
left join pg_collation k on k.oid = a.attcollation
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and c.relpersistence <> 't' and ${USERS}`

export async function postgresqlInventory(ask: Ask): Promise<Inventory> {
  const [tables, views, cascades] = [await ask(TABLES), await ask(VIEWS), await ask(CASCADES)]
  const [heirs, triggers, functions, volatile] = [await ask(HEIRS), await ask(TRIGGERS), await ask(FUNCTIONS), await ask(VOLATILE)]
  const columns = await ask(COLUMNS)
  const [parent, child] = ['parent', 'child']
  return {
    tables: tables.map(row => text(row, 'name')),
    schemas: undefined,
    views: views.map(row => ({ name: text(row, 'name'), body: bodyIn(row) })),
    cascades: [
      ...cascades.map(row => ({ parent: text(row, parent), child: text(row, child) })),
      // What is written to a partition is written to the whole, and the other way round.
      ...heirs.map(row => ({ parent: text(row, parent), child: text(row, child), always: true })),
      ...heirs.map(row => ({ parent: text(row, child), child: text(row, parent), always: true })),
    ],
    triggers: triggers.map(row => ({ table: text(row, 'table'), body: bodyIn(row) })),
    functions: functions.map(row => ({
      name: text(row, 'name'),
      body: bodyIn(row),
      writes: row['writes'] === true,
      attribute: row['attribute'] === true,
    })),
    volatile: volatile.map(row => text(row, 'name')),
    columns: columnsIn(columns),
    untransacted: [],
  }
}
