import assert from 'node:assert/strict'
import type { Purge } from '../../journal/purge.js'
import type { Reading, Store, StoreWatcher } from '../../stores/store.js'
import { intendTo, kept, NOW, purge, sampleEntry, type Promised } from './promised.js'

const PURGES: readonly Purge[] = [
  purge('tag', 't'),
  purge('key', 'a', { soft: true, at: NOW + 1 }),
  purge('pattern', 'user:*', { within: '~/shop:' }),
  purge('prefix', ''),
]

export const watcherChecks: readonly Promised[] = [
  {
    title: 'has told its watchers of every purge, in order, by the time the call resolves',
    async check(store) {
      const { heard, stop } = listening(store)
      await store.purge(PURGES)
      assert.deepEqual(heard, PURGES)
      stop()
    },
  },
  {
    title: 'tells every watcher',
    async check(store) {
      const watchers = [listening(store), listening(store)]
      await store.purge(PURGES)
      for (const { heard, stop } of watchers) {
        assert.deepEqual(heard, PURGES)
        stop()
      }
    },
  },
  {
    title: 'tells a watcher nothing more once it has been taken off',
    async check(store) {
      const [gone, there] = [listening(store), listening(store)]
      gone.stop()
      await store.purge(PURGES)
      assert.deepEqual(gone.heard, [])
      assert.deepEqual(there.heard, PURGES)
      there.stop()
    },
  },
  {
    title: 'tells of a purge when it is in effect',
    async check(store) {
      await kept(store, 'a', { tags: ['t'] })
      const looks: (Reading | Promise<Reading>)[] = []
      const stop = store.watch(watcher(() => looks.push({ ...nothing, entry: store.peek('a') }, store.read('a', NOW, false))))
      await store.purge([purge('tag', 't')])
      const readings = await Promise.all(looks)
      assert.equal(readings.length, 2)
      for (const { entry } of readings) assert.equal(entry, undefined, 'who looks when told finds nothing')
      stop()
    },
  },
  {
    title: 'refuses the fill of who was told of a purge that touches it',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      const fills: (boolean | Promise<boolean>)[] = []
      const stop = store.watch(watcher(() => fills.push(store.fill(sampleEntry('a', { tags: ['t'], position }), lease))))
      await store.purge([purge('tag', 't')])
      assert.deepEqual(await Promise.all(fills), [false])
      stop()
    },
  },
  {
    title: 'tells of a put as of a purge of its key',
    async check(store) {
      const { heard, stop } = listening(store)
      await store.put(sampleEntry('a'))
      assert.deepEqual(
        heard.map(({ kind, name, soft }) => ({ kind, name, soft })),
        [{ kind: 'key', name: 'a', soft: false }],
      )
      stop()
    },
  },
  {
    title: 'tells nobody of reads, fills and leases given back',
    async check(store) {
      const { heard, stop } = listening(store)
      await kept(store, 'a')
      await store.release('b', (await intendTo(store, 'b')).lease)
      assert.deepEqual(heard, [])
      stop()
    },
  },
]

const nothing: Reading = { entry: undefined, position: 0, lease: undefined }

function watcher(purged: (purge: Purge) => void): StoreWatcher {
  return { purged: record => void purged(record), evicted: () => undefined }
}

function listening(store: Store): { readonly heard: readonly Purge[]; readonly stop: () => void } {
  const heard: Purge[] = []
  return { heard, stop: store.watch(watcher(record => heard.push(record))) }
}
