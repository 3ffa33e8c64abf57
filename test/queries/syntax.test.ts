import { expect } from 'chai'
import { readSyntax, type Effect } from '../../lib/queries/syntax.js'
import type { Dialect } from '../../lib/queries/tokens.js'

const ALL: readonly Dialect[] = ['sqlite', 'postgresql', 'mysql']

describe('What a statement does, by its text', () => {
  const rows: readonly (readonly [string, Effect, (readonly Dialect[])?])[] = [
    ['select * from t', 'read'],
    ['  (select 1) union (select 2)', 'read'],
    ['/* update t */ select * from t -- delete from t', 'read'],
    ["select 'it''s; delete from t' as x from t", 'read'],
    ['select "update" from t', 'read', ['sqlite', 'postgresql']],
    ['select `delete` from t', 'read', ['sqlite', 'mysql']],
    ['select replace(a, ?, ?) from t', 'read'],
    ['with x as (select 1) select * from x', 'read'],
    ['values (1)', 'read'],
    ['select * from t for update', 'read', ['postgresql', 'mysql']],
    ['select * from t for no key update', 'read', ['postgresql']],
    ['insert into t values (1)', 'write'],
    ['insert into t (a) values (?) on conflict (a) do update set a = 1', 'write', ['sqlite', 'postgresql']],
    ['replace into t values (1)', 'write', ['sqlite', 'mysql']],
    ['with x as (select 1) insert into t select * from x', 'write'],
    ['with gone as (delete from t returning *) select * from gone', 'write', ['postgresql']],
    ['merge into t using s on t.id = s.id when matched then delete', 'write', ['postgresql']],
    ['truncate table t', 'write', ['postgresql', 'mysql']],
    ['select 1; delete from t', 'write'],
    ['explain analyze delete from t', 'write', ['postgresql', 'mysql']],
    ['explain select * from t', 'read'],
    ['set @n = f()', 'opaque', ['mysql']],
    ['declare c cursor for select f()', 'opaque', ['postgresql']],
    ['select * into s from t', 'opaque', ['postgresql']],
    ["select * from t into outfile 'x'", 'opaque', ['mysql']],
    ['create table t (a int)', 'schema'],
    ['alter table t add column b int', 'schema'],
    ['create trigger x after insert on t begin update s set n = 1; end', 'schema', ['sqlite', 'mysql']],
    ['drop table if exists t', 'schema'],
    ['refresh materialized view v', 'schema', ['postgresql']],
    ['call p()', 'opaque'],
    ['do $$ begin delete from t; end $$', 'opaque', ['postgresql']],
    ['copy t from stdin', 'opaque', ['postgresql']],
    ['load data infile ? into table t', 'opaque', ['mysql']],
    ['execute p', 'opaque'],
    ['something new', 'opaque'],
    ['pragma foreign_keys = on', 'none', ['sqlite']],
    ['set names utf8mb4', 'none', ['mysql']],
    ['set foreign_key_checks = 0', 'none', ['mysql']],
    ['set constraints all deferred', 'none', ['postgresql']],
    ['set transaction isolation level serializable', 'none', ['postgresql', 'mysql']],
    ['set local search_path to tenant', 'none', ['postgresql']],
    ['set search_path to tenant', 'session', ['postgresql']],
    ['set session authorization bob', 'session', ['postgresql']],
    ['set role bob', 'session', ['postgresql', 'mysql']],
    ['set autocommit = 0', 'session', ['mysql']],
    ['use other', 'session', ['mysql']],
    ["attach 'x.db' as x", 'session', ['sqlite']],
    ['create temp trigger x after insert on t begin delete from s; end', 'session', ['sqlite']],
    ['create trigger temp.x after insert on t begin delete from s; end', 'session', ['sqlite']],
    ["select set_config('search_path', 'tenant', false)", 'session', ['postgresql']],
    ['select set_config(?, ?, false)', 'session', ['postgresql']],
    ["select set_config('search_path', 'tenant', true)", 'read', ['postgresql']],
    ["select set_config('app.tenant', '7', false)", 'read', ['postgresql']],
    ["set time zone 'UTC'", 'session', ['postgresql']],
    ["set time_zone = '+00:00'", 'session', ['mysql']],
    ['set session group_concat_max_len = 9', 'session', ['mysql']],
    ["set local sql_mode = 'ansi'", 'session', ['mysql']],
    ['set @@local.group_concat_max_len = 9', 'session', ['mysql']],
    ['set local search_path to tenant', 'none', ['postgresql']],
    ['set session transaction isolation level read uncommitted', 'session', ['mysql']],
    ["set app.tenant = '7'", 'none', ['postgresql']],
    ['truncate table t cascade', 'schema', ['postgresql']],
    ["select dblink_exec('delete from t')", 'opaque', ['postgresql']],
    ['', 'none'],
    ['-- nothing', 'none'],
  ]
  for (const [sql, effect, dialects = ALL] of rows) {
    for (const dialect of dialects) {
      it(`of ${JSON.stringify(sql)} on ${dialect}: ${effect}`, () => {
        expect(readSyntax(sql, dialect).effect).to.equal(effect)
      })
    }
  }

  const uncertain: readonly (readonly [string, Dialect])[] = [
    ["select 'it\\'s' from t", 'mysql'],
    ["select 'a\\' || 'b' from t", 'postgresql'],
    ['select /*! 1 */ 2 from t', 'mysql'],
    ["select U&'d\\0061t' from t", 'postgresql'],
    ["select 'never ended from t", 'sqlite'],
    ['select 1 /* never ended', 'sqlite'],
    ['select /* one /* two */ */ 1', 'postgresql'],
    ['select "never ended', 'postgresql'],
  ]
  for (const [sql, dialect] of uncertain) {
    it(`is not guessed where it can be read in two ways: ${sql} on ${dialect}`, () => {
      expect(readSyntax(sql, dialect).effect).to.equal('opaque')
    })
  }

  const controls: readonly (readonly [string, string])[] = [
    ['BEGIN;', 'begin'],
    ['begin immediate', 'begin'],
    ['START TRANSACTION', 'begin'],
    ['BEGIN TRANSACTION ISOLATION LEVEL serializable;', 'begin'],
    ['COMMIT;', 'commit'],
    ['end', 'commit'],
    ['/* now */ commit work', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['abort', 'rollback'],
    ['SAVEPOINT trx1;', 'savepoint'],
    ['RELEASE SAVEPOINT trx1;', 'release'],
    ['release trx1', 'release'],
    ['ROLLBACK TO SAVEPOINT trx1', 'rollback to'],
    ['rollback to trx1', 'rollback to'],
    ["prepare transaction 'x'", 'unknown'],
    ["commit prepared 'x'", 'unknown'],
    ['begin; insert into t values (1); commit', 'unknown'],
  ]
  for (const [sql, kind] of controls) {
    it(`is to ${kind === 'unknown' ? 'do nobody knows what to' : kind} the transaction: ${sql}`, () => {
      expect(readSyntax(sql, 'postgresql').control?.kind).to.equal(kind)
    })
  }

  it('is to begin the next transaction at once, where it says so', () => {
    expect(readSyntax('commit and chain', 'mysql').control).to.deep.equal({ kind: 'commit', chain: true })
    expect(readSyntax('rollback and no chain', 'mysql').control).to.deep.equal({ kind: 'rollback', chain: false })
  })

  for (const sql of ['create table s (a int)', 'truncate t', 'lock tables t write', 'set autocommit = 1', 'call p()', 'analyze table t']) {
    it(`is also to commit an open transaction on MySQL: ${sql}`, () => {
      expect(readSyntax(sql, 'mysql').commits).to.equal(true)
      expect(readSyntax(sql, 'postgresql').commits).to.equal(false)
    })
  }

  for (const sql of [
    'select 1',
    'insert into t values (1)',
    'update t set a = 1',
    'delete from t',
    'with x as (select 1) select * from x',
  ]) {
    it(`leaves an open transaction open on MySQL: ${sql}`, () => {
      expect(readSyntax(sql, 'mysql').commits).to.equal(false)
    })
  }
})

describe('A table of one connection alone', () => {
  const rows: readonly (readonly [string, string | undefined, Dialect])[] = [
    ['create temp table t (id int)', 't', 'sqlite'],
    ['create or replace temporary view t as select 1', 't', 'postgresql'],
    ['create table if not exists temp.t (id int)', 't', 'sqlite'],
    ['create table pg_temp.t (id int)', 't', 'postgresql'],
    ['create table if not exists "pg_temp_3"."T" (id int)', 't', 'postgresql'],
    ['create table t (temp int)', undefined, 'sqlite'],
  ]
  for (const [sql, name, dialect] of rows) {
    it(`is ${name === undefined ? 'not made' : 'made'} by ${sql}`, () => {
      expect(readSyntax(sql, dialect).temporary).to.equal(name)
    })
  }
})

describe('Why an answer is not made of tables alone', () => {
  const volatile: readonly (readonly [string, Dialect])[] = [
    ['select now() from t', 'postgresql'],
    ['select * from t where at > CURRENT_TIMESTAMP', 'sqlite'],
    ['select random() from t', 'sqlite'],
    ["select * from t where day = date('now')", 'sqlite'],
    ['select * from t where day = date(?)', 'sqlite'],
    ['select datetime() from t', 'sqlite'],
    ["select strftime('%Y') from t", 'sqlite'],
    ["select unixepoch('subsec') from t", 'sqlite'],
    ['select * from t, pragma_user_version()', 'sqlite'],
    ['select next value for s, id from t', 'mysql'],
    ["select * from t join crosstab('select * from s') as c (id int) using (id)", 'postgresql'],
    ["select * from t where day > 'yesterday'", 'postgresql'],
    ['select nextval(?) from t', 'postgresql'],
    ['select pg_try_advisory_lock(1) from t', 'postgresql'],
    ['select @n := @n + 1 from t', 'mysql'],
    ['select * from t where id = last_insert_id()', 'mysql'],
    ['select * from t tablesample system (10)', 'postgresql'],
    ['select * from t for share', 'postgresql'],
    ['select * from t lock in share mode', 'mysql'],
    ['select 1; select 2', 'sqlite'],
    ['explain analyze select * from t', 'postgresql'],
  ]
  for (const [sql, dialect] of volatile) {
    it(`is said of ${sql}`, () => {
      expect(readSyntax(sql, dialect).unkept).to.be.a('string')
    })
  }

  const steady: readonly (readonly [string, Dialect])[] = [
    ["select date(at), strftime('%Y', at), count(*) from t group by 1", 'sqlite'],
    ['select "now", "user", random from t', 'postgresql'],
    ["select 'random()' from t", 'mysql'],
    ['select age, version from t', 'mysql'],
    ['select `date` from t', 'mysql'],
  ]
  for (const [sql, dialect] of steady) {
    it(`is not said of ${sql}`, () => {
      expect(readSyntax(sql, dialect).unkept).to.equal(undefined)
    })
  }
})
