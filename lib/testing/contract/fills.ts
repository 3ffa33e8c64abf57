import assert from 'node:assert/strict'
import type { Purge } from '../../journal/purge.js'
import type { FillLease } from '../../stores/store.js'
import { assertHolds, assertLacks, found, intendTo, kept, NOW, purge, sampleEntry, type Promised } from './promised.js'

/** The entry that is filled in the rows below. */
const FILLED = { key: '~/shop:user:7:profile', tags: ['t', 'u'] }

const TOUCHING: Readonly<Record<string, readonly Purge[]>> = {
  'one of its tags': [purge('tag', 'u')],
  'its key': [purge('key', FILLED.key)],
  'a prefix of its key': [purge('prefix', '~/shop:user:')],
  'a pattern that its key matches': [purge('pattern', 'user:*:profile', { within: '~/shop:' })],
  everything: [purge('prefix', '')],
  'several things, one of them its own': [purge('tag', 'other'), purge('tag', 't'), purge('key', 'other')],
}

const PASSING: Readonly<Record<string, readonly Purge[]>> = {
  'another tag': [purge('tag', 'v')],
  'another key': [purge('key', '~/shop:user:7')],
  'another prefix': [purge('prefix', '~/shop:group:')],
  'a pattern that its key does not match': [purge('pattern', 'user:*:picture', { within: '~/shop:' })],
  'the pattern of another namespace': [purge('pattern', '*', { within: '~/other:' })],
  'several other things': [purge('tag', 'v'), purge('key', 'other'), purge('prefix', 'z')],
}

export const fillChecks: readonly Promised[] = [
  ...Object.entries(TOUCHING).map(([what, purges]): Promised => ({
    title: `refuses a fill if ${what} was purged after the read`,
    async check(store) {
      const { lease, position } = await intendTo(store, FILLED.key)
      await store.purge(purges)
      assert.equal(await store.fill(sampleEntry(FILLED.key, { ...FILLED, position }), lease), false)
      await assertLacks(store, FILLED.key, 'its fill was refused')
    },
  })),
  ...Object.entries(TOUCHING).map(([what, purges]): Promised => ({
    title: `accepts a fill if ${what} was purged before the read`,
    async check(store) {
      await store.purge(purges)
      const entry = await kept(store, FILLED.key, FILLED)
      await assertHolds(store, entry, 'it was read after the purge')
    },
  })),
  ...Object.entries(PASSING).map(([what, purges]): Promised => ({
    title: `accepts a fill if ${what} was purged after the read`,
    async check(store) {
      // Nobody has kept anything under its tags before. What is refused then would be loaded again and again where much is purged.
      const { lease, position } = await intendTo(store, FILLED.key)
      await store.purge(purges)
      const entry = sampleEntry(FILLED.key, { ...FILLED, position })
      assert.equal(await store.fill({ ...entry }, lease), true)
      await assertHolds(store, entry, 'no purge touched it')
    },
  })),
  {
    title: 'lets a fill that supersedes take the place of what is fresh, and tells its watchers as of a purge',
    async check(store) {
      await kept(store, 'a', { value: 'old' })
      const { lease, position } = await store.read('a', Infinity, true)
      assert.notEqual(lease, undefined, 'to who says that it is for ever later, nothing is fresh')
      const heard: Purge[] = []
      const stop = store.watch({ purged: one => heard.push(one), evicted: () => undefined })
      const entry = sampleEntry('a', { value: 'new', position })
      assert.equal(await store.fill({ ...entry }, lease as FillLease, true), true)
      await assertHolds(store, entry, 'it superseded what was there')
      assert.ok(heard.some(({ kind, name, soft }) => kind === 'key' && name === 'a' && !soft))
      stop()
    },
  },
  {
    title: 'refuses a fill that supersedes if a purge touched it after the read',
    async check(store) {
      await kept(store, 'a', { value: 'old', tags: ['t'] })
      const { lease, position } = await store.read('a', Infinity, true)
      await store.purge([purge('tag', 't')])
      assert.equal(await store.fill(sampleEntry('a', { tags: ['t'], position }), lease as FillLease, true), false)
      await assertLacks(store, 'a', 'its tag was purged')
    },
  },
  {
    title: 'refuses a fill if there was a put after the read',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      await store.put(sampleEntry('a', { value: 'put' }))
      assert.equal(await store.fill(sampleEntry('a', { value: 'filled', position }), lease), false)
      assert.equal((await found(store, 'a'))?.value, 'put')
    },
  },
  {
    title: 'never keeps a fill that a purge at the same time touches',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      const fill = store.fill(sampleEntry('a', { tags: ['t'], position }), lease)
      const purged = store.purge([purge('tag', 't')])
      await Promise.all([fill, purged])
      await assertLacks(store, 'a', 'the purge has resolved')
    },
  },
  ...['tag', 'prefix', 'pattern'].map((kind): Promised => ({
    title: `has a fill come back stale if it was softly purged by ${kind} after the read`,
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      await store.purge([purge(kind as Purge['kind'], 'a', { soft: true, at: NOW - 5 })])
      await store.fill(sampleEntry('a', { tags: ['a'], position }), lease)
      const entry = await found(store, 'a')
      assert.ok(entry === undefined || entry.staleAt <= NOW - 5, 'what was loaded before a soft purge is not fresh after it')
    },
  })),
]
