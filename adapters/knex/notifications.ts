import type { Knex } from 'knex'
import { ConfigError, shown } from '../../lib/errors.js'

/** What is notified on, with the name of the table that was written. */
export const CHANNEL = 'smart_cache'
/** The trigger on each table. */
export const TRIGGER = 'smart_cache_written'
/** What a session says of itself whose writes are purged by whoever makes them. */
export const TOLD = "set smart_cache.told = 'on'"

const FUNCTION = `create or replace function smart_cache_notify() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('smart_cache.told', true), '') <> 'on' then
    perform pg_notify('${CHANNEL}', tg_table_name);
  end if;
  return null;
end $$`

/**
 * For a migration, on PostgreSQL: from now on every statement that writes to these tables is told of, whoever sends it, to those who said `listen: true`.
 * @throws {ConfigError} for anything but a list of tables
 * @example
 * export const up = (knex: Knex) => notifyOfWrites(knex, ['products', 'orders'])
 * export const down = (knex: Knex) => stopNotifying(knex, ['products', 'orders'])
 */
export async function notifyOfWrites(knex: Knex, tables: readonly string[]): Promise<void> {
  checkTables(tables)
  await knex.raw(FUNCTION)
  for (const table of tables) {
    await knex.raw(`drop trigger if exists ${TRIGGER} on ??`, [table])
    await knex.raw(
      `create trigger ${TRIGGER} after insert or update or delete or truncate on ?? for each statement execute function smart_cache_notify()`,
      [table],
    )
  }
}

/** Takes back what `notifyOfWrites` did. @throws {ConfigError} */
export async function stopNotifying(knex: Knex, tables: readonly string[]): Promise<void> {
  checkTables(tables)
  for (const table of tables) await knex.raw(`drop trigger if exists ${TRIGGER} on ??`, [table])
}

function checkTables(tables: unknown): void {
  if (Array.isArray(tables) && tables.every(table => typeof table === 'string' && table !== '')) return
  throw new ConfigError(`Expected a list of tables to be told of, got ${shown(tables)}`)
}
