import type { Knex } from 'knex'
import type { Cache } from 'smart-cache'

/** A row of a table: the one of id 0 counts the table's versions, and the others follow it. */
export interface Row {
  readonly id: number
  readonly v: number
}

/** Which version of a table was seen. */
export type Seen = readonly [table: string, version: number]

export const TABLES = ['a', 'b', 'c', 'd'] as const
export const ROWS = 4

/** A table of rows that change each by itself; the version is that of a row, which is in one group or another. */
export const LOOSE = 'e'
export const LOOSE_IDS = [1, 2, 3, 4, 5] as const
export const GROUPS = ['one', 'two', 'three'] as const

export interface LooseRow extends Row {
  readonly g: string
}

/** What a row holds at a version of its table. */
export function valueAt(version: number, id: number): number {
  return id === 0 ? version : version * 10 + id
}

/** The version of which the rows are. @throws if they are of none: of several, or not what was ever written together */
export function versionOf(rows: readonly Row[]): number {
  const versions = new Set(rows.map(({ id, v }) => (id === 0 ? v : (v - id) / 10)))
  const [version] = versions
  if (versions.size !== 1 || version === undefined || !Number.isInteger(version)) throw new Error(`Never together: ${JSON.stringify(rows)}`)
  return version
}

export interface Question {
  readonly db: Knex
  readonly cache: Cache
  /** Two different tables, and a row of each. */
  readonly one: string
  readonly other: string
  readonly id: number
}

/** Forms of reading; each tells the versions of all tables that it has read. */
export const READS: readonly ((question: Question) => Promise<readonly Seen[]>)[] = [
  async ({ db, one }) => [[one, versionOf(whole(await db<Row>(one).orderBy('id')))]],
  async ({ db, one, id }) => [[one, versionOf(await db<Row>(one).where({ id }))]],
  async ({ db, one, id }) => [[one, versionOf([(await db<Row>(one).where('id', id).first()) as Row])]],
  async ({ db, one }) => {
    const values = (await db(one).orderBy('id').pluck('v')) as number[]
    return [[one, versionOf(whole(values.map((v, index) => ({ id: index, v }))))]]
  },
  async ({ db, one, other, id }) => {
    const [row] = await db(one)
      .join(other, `${one}.id`, `${other}.id`)
      .where(`${one}.id`, id)
      .select(`${one}.v as mine`, `${other}.v as theirs`)
    return [
      [one, versionOf([{ id, v: row.mine }])],
      [other, versionOf([{ id, v: row.theirs }])],
    ]
  },
  async ({ db, one, other, id }) => {
    const [row] = await db(one)
      .where({ id })
      .select('v', { theirs: db(other).where({ id: 0 }).select('v') })
    return [
      [one, versionOf([{ id, v: row.v }])],
      [other, versionOf([{ id: 0, v: row.theirs }])],
    ]
  },
  async ({ db, one, other }) => {
    const rows = await db(one)
      .where({ id: 0 })
      .select('v', db.raw('1 as place'))
      .unionAll(db(other).where({ id: 0 }).select('v', db.raw('2 as place')))
      .orderBy('place')
    return [
      [one, rows[0].v],
      [other, rows[1].v],
    ]
  },
  async ({ db, one }) => [[one, versionOf(whole(await db.with('x', db(one).select('id', 'v')).select('*').from('x').orderBy('id')))]],
  async ({ db, one, other }) => {
    const answer: unknown = await db.raw(
      `select x.v as mine, y.v as theirs from ${one} as x join ${other} as y on y.id = x.id where x.id = ?`,
      [0],
    )
    const rows = rowsOf(answer) as readonly { readonly mine: number; readonly theirs: number }[]
    return [
      [one, rows[0]?.mine ?? -1],
      [other, rows[0]?.theirs ?? -1],
    ]
  },
  async ({ db, one, id }) => {
    const asked = id % 2 === 0 ? 1 : '1'
    const [row] = await db(one)
      .where({ id: 0 })
      .select('v', db.raw('? as x', [asked]))
    if (typeof row.x !== typeof asked && db.client.dialect !== 'postgresql')
      throw new Error(`Asked with ${typeof asked}, got ${typeof row.x}`)
    return [[one, row.v]]
  },
  ({ db, cache, one, other }) =>
    cache.getOrSet(`page of ${one} and ${other}`, async () => [
      [one, versionOf(whole(await db<Row>(one).orderBy('id')))] as const,
      [other, ((await db(other).max({ v: 'v' }).where({ id: 0 }).noCache()) as { v: number }[])[0]?.v ?? -1] as const,
    ]),
  async ({ db, one, other }) => {
    const found = await db<Row>(one)
      .whereExists(db(other).where('id', 0).select('id'))
      .whereNotIn('id', db(other).where('v', '<', 0).select('id'))
      .orderBy('id')
    return [[one, versionOf(whole(found))]]
  },
  async ({ db, id }) => loose(await db<LooseRow>(LOOSE).where({ id: id + 1 })),
  async ({ db, id }) =>
    loose(
      await db<LooseRow>(LOOSE)
        .whereIn('id', [id, id + 1])
        .orderBy('v'),
    ),
  async ({ db, id }) =>
    loose(
      await db<LooseRow>(LOOSE)
        .where({ g: GROUPS[id % 3] ?? 'none' })
        .orderBy('id'),
    ),
  async ({ db }) => loose(await db<LooseRow>(LOOSE).orderBy('id')),
]

function loose(rows: readonly LooseRow[]): readonly Seen[] {
  return rows.map(({ id, v }) => [`${LOOSE} ${id}`, v])
}

function whole(rows: readonly Row[]): readonly Row[] {
  if (rows.length !== ROWS + 1) throw new Error(`Not all rows: ${JSON.stringify(rows)}`)
  return rows
}

function rowsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return (Array.isArray(answer[0]) ? answer[0] : answer) as unknown[]
  return (answer as { readonly rows: readonly unknown[] }).rows
}
