import type { Knex } from 'knex'
import type { Database } from './shop.js'

/** What happens in knex, told so that two tellings can be compared. */
export type Told = unknown[]

/** What people rely on in knex; each tells what happened. */
export type Scenarios = Readonly<Record<string, (db: Knex, told: Told, dialect: Database['dialect']) => Promise<void>>>

/** What went wrong, without what differs from run to run. */
export function tell(error: unknown): string {
  return error instanceof Error
    ? `${error.constructor.name}: ${error.message.replaceAll(/_alter\d+|connection id: \d+|shop_[\da-f]+/g, '')}`
    : String(error)
}
