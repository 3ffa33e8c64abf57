import assert from 'node:assert/strict'
import type { Store } from '../../stores/store.js'
import { assertHolds, assertLacks, found, intendTo, kept, NOW, purge, sampleEntry, STALE, type Promised } from './promised.js'

const HOUR = 3_600_000

/** Does something to key `a`, which holds a number or nothing. */
const STEPS: Readonly<Record<string, (store: Store) => unknown>> = {
  'an add': store => store.add(sampleEntry('a', { value: 5 }), STALE),
  'a touch': store => store.touch(sampleEntry('a', { staleAt: NOW + 2 * HOUR }), NOW),
  'a count': store => store.count(sampleEntry('a', { value: 1 }), 1, NOW),
}

export const stepChecks: readonly Promised[] = [
  {
    title: 'adds where nothing is, and where it is not fresh any more',
    async check(store) {
      const entry = sampleEntry('a', { tags: ['t'] })
      assert.equal(await store.add({ ...entry }, NOW), true)
      await assertHolds(store, entry, 'it was added')
      assert.equal(await store.add(sampleEntry('a', { value: 'other' }), NOW), false)
      await assertHolds(store, entry, 'it was there first')
      assert.equal(await store.add(sampleEntry('a', { value: 'late' }), STALE), true)
      assert.equal((await found(store, 'a'))?.value, 'late')
      await store.purge([purge('key', 'a')])
      assert.equal(await store.add(sampleEntry('a', { value: 'anew' }), NOW), true)
    },
  },
  {
    title: 'adds once, however many add at once',
    async check(store) {
      const added = await Promise.all(Array.from({ length: 20 }, async (_, value) => store.add(sampleEntry('a', { value }), NOW)))
      assert.equal(added.filter(Boolean).length, 1)
      assert.equal((await found(store, 'a'))?.value, added.indexOf(true))
    },
  },
  {
    title: 'counts on from a number, which keeps its life and its tags, and from nothing',
    async check(store) {
      const fresh = sampleEntry('a', { value: 3, tags: ['other'], staleAt: NOW + 5 * HOUR })
      assert.equal(await store.count({ ...fresh }, 3, NOW), 3)
      assert.equal(await store.count(sampleEntry('a', { value: 0.25 }), 0.25, NOW), 3.25)
      assert.equal(await store.count(sampleEntry('a', { value: -10 }), -10, NOW), -6.75)
      const entry = await found(store, 'a')
      assert.deepEqual([entry?.value, entry?.staleAt, entry?.tags], [-6.75, NOW + 5 * HOUR, ['other']])
      await store.purge([purge('tag', 'other')])
      assert.equal(await store.count(sampleEntry('a', { value: 1 }), 1, NOW), 1)
    },
  },
  {
    title: 'counts on from what was filled and from what was put, and forgets the count when something else is',
    async check(store) {
      await kept(store, 'a', { value: 7 })
      assert.equal(await store.count(sampleEntry('a', { value: 1 }), 1, NOW), 8)
      await store.put(sampleEntry('a', { value: 70 }))
      assert.equal((await found(store, 'a'))?.value, 70)
      assert.equal(await store.count(sampleEntry('a', { value: 1 }), 1, NOW), 71)
      await store.purge([purge('key', 'a')])
      await kept(store, 'a', { value: 'text' })
      assert.equal((await found(store, 'a'))?.value, 'text')
    },
  },
  {
    title: 'counts anew when the number is not fresh any more',
    async check(store) {
      await kept(store, 'a', { value: 7 })
      assert.equal(await store.count(sampleEntry('a', { value: 1, staleAt: STALE + HOUR }), 1, STALE), 1)
    },
  },
  {
    title: 'loses none of what is counted at once',
    async check(store) {
      const counts = await Promise.all(Array.from({ length: 50 }, async () => store.count(sampleEntry('a', { value: 1 }), 1, NOW)))
      assert.deepEqual(
        counts.toSorted((a, b) => a - b),
        Array.from({ length: 50 }, (_, index) => index + 1),
      )
      assert.equal((await found(store, 'a'))?.value, 50)
    },
  },
  {
    title: 'refuses to count what is not a number',
    async check(store) {
      const entry = await kept(store, 'a', { value: '7' })
      await assert.rejects(async () => store.count(sampleEntry('a', { value: 1 }), 1, NOW))
      await assertHolds(store, entry, 'it was not a number')
    },
  },
  {
    title: 'touches what is fresh: it lives longer or shorter, with its value and its tags',
    async check(store) {
      await kept(store, 'a', { tags: ['t'] })
      for (const staleAt of [NOW + 9 * HOUR, NOW + 1_000, Infinity]) {
        assert.equal(await store.touch(sampleEntry('a', { staleAt }), NOW), true)
        const entry = await found(store, 'a')
        assert.deepEqual([entry?.value, entry?.staleAt, entry?.tags], ['value of a', staleAt, ['t']])
      }
      await store.purge([purge('tag', 't')])
      await assertLacks(store, 'a', 'its tag was purged')
    },
  },
  {
    title: 'touches nothing that is not fresh',
    async check(store) {
      assert.equal(await store.touch(sampleEntry('a'), NOW), false)
      const entry = await kept(store, 'a')
      assert.equal(await store.touch(sampleEntry('a', { staleAt: STALE + HOUR }), STALE), false)
      assert.equal((await found(store, 'a'))?.staleAt, entry.staleAt)
    },
  },
  ...Object.entries(STEPS).map(([what, step]): Promised => ({
    title: `refuses a fill if there was ${what} after the read`,
    async check(store) {
      await kept(store, 'a', { value: 1 })
      const { lease, position } = await store.read('a', Infinity, true)
      await step(store)
      assert.notEqual(lease, undefined)
      if (lease !== undefined) assert.equal(await store.fill(sampleEntry('a', { value: 'filled', position }), lease), false)
      assert.notEqual((await found(store, 'a'))?.value, 'filled')
    },
  })),
  ...Object.entries(STEPS).map(([what, step]): Promised => ({
    title: `tells of ${what} as of a purge of its key`,
    async check(store) {
      await kept(store, 'a', { value: 1 })
      let heard = 0
      const stop = store.watch({
        purged: ({ kind, name }) => void (heard += kind === 'key' && name === 'a' ? 1 : 0),
        evicted: () => undefined,
      })
      await step(store)
      assert.ok(heard > 0)
      stop()
    },
  })),
  {
    title: 'says nothing of steps that change nothing',
    async check(store) {
      await kept(store, 'a')
      const { position } = await intendTo(store, 'b')
      await store.add(sampleEntry('a'), NOW)
      await store.touch(sampleEntry('none'), NOW)
      assert.equal((await store.read('b', NOW, false)).position, position)
    },
  },
]
