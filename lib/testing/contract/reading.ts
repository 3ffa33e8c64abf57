import assert from 'node:assert/strict'
import { assertHolds, assertLacks, kept, NOW, purge, STALE, type Promised } from './promised.js'

export const readingChecks: readonly Promised[] = [
  {
    title: 'has nothing under a key that nobody filled',
    async check(store) {
      await assertLacks(store, 'a', 'the store is empty')
    },
  },
  {
    title: 'returns what was filled, with all its fields',
    async check(store) {
      const entry = await kept(store, 'a', { tags: ['t', 'u'], value: { deep: [1, 'two'] } })
      await assertHolds(store, entry, 'it was filled')
    },
  },
  {
    title: 'keeps entries of different keys apart',
    async check(store) {
      const [a, b] = [await kept(store, 'a'), await kept(store, 'b')]
      await assertHolds(store, a, 'a was filled')
      await assertHolds(store, b, 'b was filled')
    },
  },
  {
    title: 'returns an entry that is stale, for whoever may serve it so',
    async check(store) {
      const entry = await kept(store, 'a')
      const reading = await store.read('a', STALE, false)
      assert.deepEqual(reading.entry?.value, entry.value)
      assert.equal(reading.entry?.staleAt, entry.staleAt)
    },
  },
  {
    title: 'returns an entry that only a failed load may bring back',
    async check(store) {
      const entry = await kept(store, 'a')
      const reading = await store.read('a', STALE + entry.graceMs, false)
      assert.deepEqual(reading.entry?.value, entry.value)
    },
  },
  {
    title: 'moves the position at each purge, even of what is not there',
    async check(store) {
      const { position: first } = await store.read('a', NOW, false)
      await store.purge([purge('tag', 't')])
      const { position: second } = await store.read('a', NOW, false)
      await store.purge([purge('key', 'a')])
      const { position: third } = await store.read('a', NOW, false)
      assert.ok(first < second && second < third, `expected positions to rise, got ${[first, second, third].join()}`)
    },
  },
  {
    title: 'leaves the position alone when it reads and fills',
    async check(store) {
      const { position: before } = await store.read('a', NOW, false)
      await kept(store, 'a')
      const { position: after } = await store.read('a', NOW, false)
      assert.equal(after, before)
    },
  },
]
