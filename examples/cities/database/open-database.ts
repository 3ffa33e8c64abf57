import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import knex from 'knex'
import type { Knex } from 'knex'
import { SqliteDialect } from './sqlite-dialect.js'

/** Opens, and where it does not exist creates, the database file. The caller destroys it. */
export async function openDatabase(filename: string): Promise<Knex> {
  await mkdir(dirname(filename), { recursive: true })
  // What fails is thrown as well: knex need not write it to the terminal.
  const log = { warn: () => undefined }
  const db = knex({ client: await SqliteDialect.load(), connection: { filename }, useNullAsDefault: true, log })
  try {
    // Readers and the one who writes, in however many processes, do not wait for each other.
    await db.raw('PRAGMA journal_mode = WAL')
    return db
  } catch (error) {
    await db.destroy()
    throw new Error(`Cannot open the database ${filename}: ${messageOf(error)}`, { cause: error })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
