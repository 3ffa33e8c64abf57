import type { Knex } from 'knex'
import { COLUMNS } from '../../../lib/analytics/figures.js'

/** The tables of one set of analytics, whose names all begin with the prefix. */
export interface Tables {
  readonly rollups: string
  readonly reasons: string
  readonly entries: string
  readonly events: string
  readonly batches: string
  readonly migrations: string
}

export function tablesWith(prefix: string): Tables {
  return {
    rollups: `${prefix}rollups`,
    reasons: `${prefix}reasons`,
    entries: `${prefix}entries`,
    events: `${prefix}events`,
    batches: `${prefix}batches`,
    migrations: `${prefix}migrations`,
  }
}

type Step = (create: Create, tables: Tables) => Promise<void>
/** Makes a table, unless it is there. */
type Create = (name: string, columns: (table: Knex.CreateTableBuilder) => void) => Promise<void>

/** What makes the tables, in order. A step that has been published is never changed. */
const STEPS: Readonly<Record<string, Step>> = {
  '001_tables': async (create, tables) => {
    await create(tables.rollups, table => {
      slot(table)
      for (const column of COLUMNS) table.double(column).notNullable().defaultTo(0)
      table.primary(['span', 'at', 'id'])
    })
    await create(tables.reasons, table => {
      slot(table)
      table.string('what', 20).notNullable()
      table.string('reason', 100).notNullable()
      table.double('count').notNullable()
      table.primary(['span', 'at', 'id'])
    })
    await create(tables.entries, table => {
      table.string('id', 32).primary()
      subject(table)
      table.string('shown', 500).notNullable()
      table.string('base', 500).notNullable()
      table.string('base_id', 32).notNullable()
      table.string('tags', 500).notNullable()
      for (const column of ENTRY_NUMBERS) table.double(column).notNullable().defaultTo(0)
      table.index(['seen_at'])
    })
    await create(tables.events, table => {
      table.bigIncrements('id')
      table.double('at').notNullable().index()
      table.string('process', 100).notNullable()
      table.string('type', 20).notNullable()
      subject(table)
      table.string('shown', 500).notNullable()
      table.string('reason', 200).notNullable()
      for (const column of EVENT_NUMBERS) table.double(column).notNullable().defaultTo(0)
    })
    await create(tables.batches, table => {
      table.string('id', 36).primary()
      table.double('at').notNullable().index()
    })
  },
}

export const ENTRY_NUMBERS = [
  'hits',
  'misses',
  'fills',
  'wasted',
  'saved_ms',
  'bytes',
  'load_ms',
  'created_at',
  'hit_at',
  'seen_at',
] as const

const EVENT_NUMBERS = ['count', 'ms', 'bytes'] as const

/** Numbers are doubles: what is counted stays far below 2^53, and no driver hands them out as text. */
function slot(table: Knex.CreateTableBuilder): void {
  table.string('span', 6).notNullable()
  table.double('at').notNullable()
  // Names are told apart by their digest, for some databases take `a` and `A` for the same.
  table.string('id', 32).notNullable()
  subject(table)
}

function subject(table: Knex.CreateTableBuilder): void {
  table.string('namespace', 100).notNullable()
  table.string('kind', 10).notNullable()
  table.string('name', 250).notNullable()
}

export function isMysql(knex: Knex): boolean {
  return /^(?:mysql|mysql2|mariadb)$/.test(String((knex.client as { readonly dialect?: unknown }).dialect))
}

/** Processes that start together all want to make the tables: each tries again until they are there, whoever made them. */
const ATTEMPTS = 20
const PAUSE_MS = 250

/**
 * Takes the steps that have not been taken. Not with knex' own migrations: those write to the terminal when several processes start at once, and leave a
 * lock behind when one dies.
 * @returns their names
 */
export async function migrate(knex: Knex, tables: Tables): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await knex.transaction(async trx => takeSteps(trx, tables))
    } catch (error) {
      if (attempt === ATTEMPTS || (await isAway(knex))) throw error
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())))
    }
  }
}

async function takeSteps(trx: Knex.Transaction, tables: Tables): Promise<readonly string[]> {
  const create: Create = async (name, columns) => {
    if (await trx.schema.hasTable(name)) return
    await trx.schema.createTable(name, table => {
      if (isMysql(trx)) table.charset('utf8mb4')
      columns(table)
    })
  }
  await create(tables.migrations, table => {
    table.string('name', 100).primary()
    table.double('at').notNullable()
  })
  const taken = (await trx(tables.migrations).pluck('name')) as readonly string[]
  const due = Object.entries(STEPS).filter(([name]) => !taken.includes(name))
  for (const [name, step] of due) {
    await step(create, tables)
    await trx(tables.migrations).insert({ name, at: Date.now() }).onConflict('name').ignore()
  }
  return due.map(([name]) => name)
}

/** There is nobody to try again with. */
async function isAway(knex: Knex): Promise<boolean> {
  try {
    await knex.raw('select 1')
    return false
  } catch {
    return true
  }
}
