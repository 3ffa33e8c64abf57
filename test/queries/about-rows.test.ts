import { expect } from 'chai'
import { aboutRows } from '../../lib/queries/about-rows.js'
import { tokensOf, type Dialect } from '../../lib/queries/tokens.js'

function about(sql: string, dialect: Dialect = 'postgresql') {
  return aboutRows(tokensOf(sql, dialect) ?? [])
}

/** The conditions as `column: places`. */
function conditions(sql: string): readonly string[] | undefined {
  return about(sql)?.conditions.map(({ column, places }) => `${column}: ${places.join()}`)
}

describe('The rows that a read is about', () => {
  const ALL_HOLD: Readonly<Record<string, readonly string[]>> = {
    'select * from t where id = ?': ['id: 0'],
    'select ? as x, * from "T" where "T"."Id" = ? limit ?': ['id: 1'],
    'select * from s.t as x where x.id in (?, ?) and y > ? and z = ? order by id': ['id: 0,1', 'z: 3'],
    'select count(*) from t where (id = ? and (y = ?)) and z between ? and ? and x = ? group by y having count(*) > ?': [
      'id: 0',
      'y: 1',
      'x: 4',
    ],
    'select * from t where not id = ? and y = ?': ['y: 1'],
    'select * from t where (a = ? or b = ?) and id = ?': ['id: 2'],
    'select * from t where z between ? and id = ?': [],
    'select * from t where id = ? + ?': [],
    'select * from t where id = ? is true': [],
    'select * from t where id in (?, 7)': [],
    'select * from t where id not in (?)': [],
    'select * from t where id >= ? and id != ? and id <> ? and id <= ?': [],
    'select * from t where id = ? or true': [],
    'select * from t where id = ? and y = ? or z = ?': [],
    'select * from t where id = ? and offset = ? or true': [],
    'select * from t where case when x then y and id = ? end': [],
    'select * from t where (id = ?) = ?': [],
    'select * from t': [],
  }
  for (const [sql, expected] of Object.entries(ALL_HOLD)) {
    it(`have, in ${sql}: ${expected.join(' and ') || 'nothing in common'}`, () => {
      expect(conditions(sql)).to.deep.equal(expected)
    })
  }

  const NOT_ONE_TABLE = [
    'select * from t, u where t.id = ?',
    'select * from t join u on true where t.id = ?',
    'select * from t where id = ? union select * from t',
    'select * from t where id = (select ?)',
    'with x as (select 1) select * from t where id = ?',
    'select 1',
    'select * from t where id = ? || x',
    'select * from t where id = ?; delete from t',
    'select * from t tablesample system (1) where id = ?',
    'table t',
  ]
  for (const sql of NOT_ONE_TABLE) it(`are not known in ${sql}`, () => expect(about(sql)).to.equal(undefined))
})

describe('The rows that a write is about', () => {
  it('are those of its conditions, and what it sets', () => {
    expect(about('update "t" set "a" = ?, "b" = "b" + ?, "c" = ? where "id" = ? returning "id", "t"."a"')).to.deep.equal({
      verb: 'update',
      table: 't',
      conditions: [{ column: 'id', places: [3] }],
      written: new Map<string, unknown>([
        ['a', [0]],
        ['b', undefined],
        ['c', [2]],
      ]),
      inserted: 0,
      returned: new Set(['id', 'a']),
      bindings: 4,
    })
  })

  it('are those that it removes', () => {
    expect(about('delete from t where id in (?, ?) and x = ? returning *')).to.deep.include({
      verb: 'delete',
      conditions: [
        { column: 'id', places: [0, 1] },
        { column: 'x', places: [2] },
      ],
      returned: 'all',
    })
  })

  it('are those that it inserts', () => {
    const sql = 'insert into t (a, b) values (?, ?), (?, default) on conflict (a) do nothing returning a as b'
    const written = new Map<string, unknown>([
      ['a', [0, 2]],
      ['b', undefined],
    ])
    expect(about(sql)).to.deep.include({ verb: 'insert', written, inserted: 0, returned: new Set() })
    expect(about('insert into t (a) values (?)')).to.deep.include({ inserted: 1 })
  })

  const NOT_KNOWN = [
    'insert into t (a) values (?) on conflict (a) do update set b = ?',
    'insert into t (a) values (?) on duplicate key update b = ?',
    'insert into t (a) select ? as a',
    'insert into t default values',
    'insert or replace into t (a) values (?)',
    'insert ignore into t (a) values (?)',
    'replace into t (a) values (?)',
    'update t set (a, b) = (?, ?) where id = ?',
    'update t set a = ? from u where t.id = ?',
    'update t, u set t.a = ? where t.id = ?',
    'delete from t using u where t.id = ?',
    'delete t from t where id = ?',
    'truncate t',
  ]
  for (const sql of NOT_KNOWN) it(`are not known in ${sql}`, () => expect(about(sql)).to.equal(undefined))
})
