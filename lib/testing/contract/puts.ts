import assert from 'node:assert/strict'
import { assertHolds, assertLacks, found, kept, NOW, purge, sampleEntry, type Promised } from './promised.js'

export const putChecks: readonly Promised[] = [
  {
    title: 'keeps what is put, unasked',
    async check(store) {
      const entry = sampleEntry('a', { tags: ['t'] })
      await store.put({ ...entry })
      await assertHolds(store, entry, 'it was put')
    },
  },
  {
    title: 'keeps what is put after its tags, its prefix and everything were purged',
    async check(store) {
      await store.purge([purge('tag', 't'), purge('prefix', 'a'), purge('pattern', '*'), purge('prefix', '')])
      const entry = sampleEntry('a', { tags: ['t'] })
      await store.put({ ...entry })
      await assertHolds(store, entry, 'it was put after the purges')
    },
  },
  {
    title: 'puts in the place of what was there',
    async check(store) {
      await kept(store, 'a', { value: 'old', tags: ['old'] })
      await store.put(sampleEntry('a', { value: 'new' }))
      assert.equal((await found(store, 'a'))?.value, 'new')
      await store.purge([purge('tag', 'old')])
      assert.equal((await found(store, 'a'))?.value, 'new', 'the tags of the old entry went with it')
    },
  },
  {
    title: 'moves the position when it puts',
    async check(store) {
      const { position: before } = await store.read('a', NOW, false)
      await store.put(sampleEntry('a'))
      const { position: after } = await store.read('a', NOW, false)
      assert.ok(after > before, `expected a position beyond ${before}, got ${after}`)
    },
  },
  {
    title: 'purges what was put',
    async check(store) {
      await store.put(sampleEntry('a', { tags: ['t'] }))
      await store.purge([purge('tag', 't')])
      await assertLacks(store, 'a', 'its tag was purged')
    },
  },
]
