import type { Knex } from 'knex'
import { GROUPS, LOOSE, LOOSE_IDS, ROWS, valueAt, type LooseRow, type Seen } from './reads.js'

/** Brings the rows of a table, within a transaction, to a version. */
type Move = (trx: Knex.Transaction, table: string, version: number) => Promise<unknown>

const IDS = Array.from({ length: ROWS }, (_, index) => index + 1)
const rowsAt = (version: number) => IDS.map(id => ({ id, v: valueAt(version, id) }))

const MOVES: readonly Move[] = [
  async (trx, table, version) => {
    for (const id of IDS)
      await trx(table)
        .where({ id })
        .update({ v: valueAt(version, id) })
  },
  (trx, table, version) =>
    trx(table)
      .where('id', '>', 0)
      .update({ v: trx.raw('? * 10 + id', [version]) }),
  async (trx, table, version) => {
    await trx(table).whereIn('id', IDS).del()
    await trx(table).insert(rowsAt(version))
  },
  async (trx, table, version) => {
    await trx(table).where('id', '>', 0).del()
    await trx.batchInsert(table, rowsAt(version), 2).transacting(trx)
  },
  (trx, table, version) => trx(table).insert(rowsAt(version)).onConflict('id').merge(),
  (trx, table, version) => trx.raw(`/* move */ update ${table} set v = ? * 10 + id where id <> 0`, [version]),
  (trx, table, version) =>
    trx.transaction(
      async inner =>
        void (await inner(table)
          .where('id', '>', 0)
          .update({ v: inner.raw('? * 10 + id', [version]) })),
    ),
  async (trx, table, version) => {
    await trx
      .transaction(async inner => {
        await inner(table).update({ v: -1 })
        throw new Error('taken back')
      })
      .catch(() => undefined)
    await trx(table).where('id', '>', 0).increment('v', 10)
    await trx(table)
      .where({ id: 1 })
      .update({ v: valueAt(version, 1) })
  },
]

/** Moves tables to their next versions, together. @returns which they are; nothing, if it was rolled back */
export async function moveTogether(db: Knex, tables: readonly string[], random: () => number): Promise<readonly Seen[]> {
  const undone = new Error('taken back')
  try {
    return await db.transaction(async outer => {
      const moved = random() < 0.3 ? await outer.transaction(trx => moveAll(trx, tables, random)) : await moveAll(outer, tables, random)
      if (random() < 0.15) throw undone
      return moved
    })
  } catch (error) {
    if (error === undone) return []
    throw error
  }
}

async function moveAll(trx: Knex.Transaction, tables: readonly string[], random: () => number): Promise<readonly Seen[]> {
  const moved: Seen[] = []
  for (const table of tables.toSorted()) {
    // There a statement by itself that waits for this one would not see the rows that are made here.
    if (trx.client.dialect === 'postgresql') await trx.raw('lock table ?? in exclusive mode', [table])
    await trx(table).where({ id: 0 }).increment('v', 1)
    const { v } = await trx(table).where({ id: 0 }).first<{ readonly v: number }>('v')
    await MOVES[Math.floor(random() * MOVES.length)]?.(trx, table, v)
    moved.push([table, v])
  }
  return moved
}

/** Moves a table by one statement. @returns the least version that this has brought about */
export async function moveAtOnce(db: Knex, plain: Knex, table: string): Promise<readonly Seen[]> {
  const { v } = await plain(table).where({ id: 0 }).first<{ readonly v: number }>('v')
  await db(table).update({ v: db.raw('v + case when id = 0 then 1 else 10 end') })
  return [[table, v + 1]]
}

type Found = Pick<LooseRow, 'id' | 'v' | 'g'>

/** Moves one row to its next version, if nobody else does meanwhile. Each says by how many it did. */
const LOOSE_MOVES: readonly ((db: Knex, found: Found, group: string) => PromiseLike<number>)[] = [
  (db, { id, v, g }, group) =>
    db(LOOSE)
      .where({ id, g, v })
      .update({ v: v + 1, g: group }),
  (db, { id, v }) => db(LOOSE).where({ id, v }).increment('v', 1),
  (db, { id, v }, group) =>
    db(LOOSE)
      .where({ id, v })
      .trackedUpdate({ v: v + 1, g: group })
      .then(({ length }) => length),
  async (db, { id, v }) => {
    const returned: unknown = await db(LOOSE)
      .where({ id, v })
      .update({ v: v + 1 })
      .returning(['id', 'g'])
    // MySQL and MariaDB return no rows.
    return Array.isArray(returned) ? returned.length : Number(returned)
  },
  (db, { id, v, g }, group) =>
    db.transaction(async trx => {
      const removed = await trx(LOOSE).where({ id, v, g }).del()
      if (removed > 0) await trx(LOOSE).insert({ id, v: v + 1, g: group })
      return removed
    }),
]

/** Moves a row of the loose table. @returns its version; nothing, if somebody else moved it */
export async function moveLoose(db: Knex, plain: Knex, random: () => number): Promise<readonly Seen[]> {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T
  const found = await plain<LooseRow>(LOOSE)
    .where({ id: pick(LOOSE_IDS) })
    .first()
  if (found === undefined) return []
  const moved = await pick(LOOSE_MOVES)(db, found, pick(GROUPS))
  return moved > 0 ? [[`${LOOSE} ${found.id}`, found.v + 1]] : []
}
