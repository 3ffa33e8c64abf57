import assert from 'node:assert/strict'
import type { Purge } from '../../journal/purge.js'
import { assertHolds, assertLacks, found, kept, NOW, purge, STALE, type Promised } from './promised.js'

/** One row: what is purged, the key that it touches, and one that it does not. Every entry is tagged with `tag of` its key. */
interface Row {
  readonly what: string
  readonly purge: Purge
  readonly touched: string
  readonly spared: string
}

const ROWS: readonly Row[] = [
  { what: 'a tag', purge: purge('tag', 'tag of a'), touched: 'a', spared: 'b' },
  { what: 'a key', purge: purge('key', 'a'), touched: 'a', spared: 'a:b' },
  { what: 'a prefix', purge: purge('prefix', 'user:'), touched: 'user:7', spared: 'a:user:7' },
  { what: 'a prefix with a star', purge: purge('prefix', 'a*'), touched: 'a*b', spared: 'ab' },
  { what: 'everything', purge: purge('prefix', ''), touched: 'a', spared: '' },
  { what: 'a pattern', purge: purge('pattern', 'user:*:profile'), touched: 'user:7:8:profile', spared: 'user:7:profiles' },
  { what: 'a pattern without a star', purge: purge('pattern', 'user'), touched: 'user', spared: 'user:7' },
  { what: 'a pattern whose star stands for nothing', purge: purge('pattern', 'a*b'), touched: 'ab', spared: 'abc' },
  { what: 'a pattern with a question mark', purge: purge('pattern', 'a?*'), touched: 'a?b', spared: 'abc' },
  { what: 'a pattern with brackets', purge: purge('pattern', '[ab]*'), touched: '[ab]c', spared: 'abc' },
  { what: 'a pattern with a backslash', purge: purge('pattern', 'a\\*'), touched: 'a\\b', spared: 'a*' },
  { what: 'a pattern with a dot', purge: purge('pattern', 'a.c*'), touched: 'a.cd', spared: 'abcd' },
  { what: 'a pattern with a percent sign', purge: purge('pattern', '%_*'), touched: '%_a', spared: 'abc' },
  { what: 'a pattern of a namespace', purge: purge('pattern', '*', { within: '~/shop:' }), touched: '~/shop:a', spared: 'a' },
  {
    what: 'a pattern, and not the keys that are the library’s own',
    purge: purge('pattern', '*', { within: '~/shop:' }),
    touched: '~/shop:a',
    spared: '~/shop:~page a',
  },
  { what: 'a pattern of the root, and not a namespace', purge: purge('pattern', '*'), touched: 'a', spared: '~/shop:a' },
]

const tagged = (key: string) => ({ tags: ['shared', `tag of ${key}`] })

export const purgeChecks: readonly Promised[] = [
  ...ROWS.map(({ what, purge: record, touched, spared }): Promised => ({
    title: `ends what a purge of ${what} touches, and nothing else`,
    async check(store) {
      await kept(store, touched, tagged(touched))
      const other = spared === '' ? undefined : await kept(store, spared, tagged(spared))
      await store.purge([record])
      await assertLacks(store, touched, 'it was purged')
      if (other !== undefined) await assertHolds(store, other, 'the purge does not touch it')
    },
  })),
  ...ROWS.map(({ what, purge: record, touched, spared }): Promised => ({
    title: `makes stale what a soft purge of ${what} touches, and nothing else`,
    async check(store) {
      const entry = await kept(store, touched, tagged(touched))
      const other = spared === '' ? undefined : await kept(store, spared, tagged(spared))
      await store.purge([{ ...record, soft: true, at: NOW - 5 }])
      await assertHolds(store, entry, 'a soft purge ends nothing')
      assert.equal((await found(store, touched))?.staleAt, NOW - 5, 'it is stale from the instant of the purge')
      if (other !== undefined) assert.equal((await found(store, spared))?.staleAt, other.staleAt, 'the purge does not touch it')
    },
  })),
  ...ROWS.map(({ what, purge: record, touched }): Promised => ({
    title: `does not lengthen what a soft purge of ${what} touches later`,
    async check(store) {
      const { staleAt } = await kept(store, touched, tagged(touched))
      await store.purge([{ ...record, soft: true, at: STALE + 5 }])
      assert.equal((await found(store, touched))?.staleAt, staleAt)
    },
  })),
  {
    title: 'gives a lease for what was made stale',
    async check(store) {
      await kept(store, 'a', { tags: ['t'] })
      await store.purge([purge('tag', 't', { soft: true, at: NOW - 5 })])
      const { entry, lease } = await store.read('a', NOW, true)
      assert.notEqual(entry, undefined)
      assert.notEqual(lease, undefined)
    },
  },
  {
    title: 'ends with a hard purge what a soft one made stale',
    async check(store) {
      await kept(store, 'a', { tags: ['t'] })
      await store.purge([purge('tag', 't', { soft: true })])
      await store.purge([purge('tag', 't')])
      await assertLacks(store, 'a', 'the second purge was hard')
    },
  },
  {
    title: 'does not bring back with a soft purge what a hard one ended',
    async check(store) {
      await kept(store, 'a', { tags: ['t'] })
      await store.purge([purge('tag', 't')])
      await store.purge([purge('tag', 't', { soft: true })])
      await assertLacks(store, 'a', 'the first purge was hard')
    },
  },
  {
    title: 'applies every purge of one call',
    async check(store) {
      for (const key of ['a', 'b', 'c', 'd:1', 'e:1']) await kept(store, key, tagged(key))
      await store.purge([
        purge('tag', 'tag of a'),
        purge('key', 'b'),
        purge('prefix', 'd:'),
        purge('pattern', 'e:*'),
        purge('tag', 'nothing'),
      ])
      for (const key of ['a', 'b', 'd:1', 'e:1']) await assertLacks(store, key, 'it was purged')
      assert.notEqual(await found(store, 'c'), undefined, 'it was not')
    },
  },
  {
    title: 'ends every entry that has the tag',
    async check(store) {
      const keys = Array.from({ length: 20 }, (_, number) => `a:${number}`)
      for (const key of keys) await kept(store, key, tagged(key))
      await store.purge([purge('tag', 'shared')])
      for (const key of keys) await assertLacks(store, key, 'it has the tag')
    },
  },
  {
    title: 'does nothing when nothing is to be purged',
    async check(store) {
      const entry = await kept(store, 'a')
      await store.purge([])
      await assertHolds(store, entry, 'nothing was purged')
    },
  },
  {
    title: 'keeps what is filled anew after a purge, and ends it with the next',
    async check(store) {
      for (const round of [1, 2, 3]) {
        const entry = await kept(store, 'a', { value: round, tags: ['t'] })
        await assertHolds(store, entry, 'it was filled after the purge')
        await store.purge([purge('tag', 't')])
        await assertLacks(store, 'a', 'it was filled before the purge')
      }
    },
  },
]
