import assert from 'node:assert/strict'
import { inspect, isDeepStrictEqual } from 'node:util'
import type { Entry } from '../../entries/entry.js'
import { touches, type Purge } from '../../journal/purge.js'
import type { Store, StoreWatcher } from '../../stores/store.js'
import { assertLacks, intendTo, kept, NOW, purge, sampleEntry, type Promised } from './promised.js'

const PURGES: readonly Purge[] = [
  purge('tag', 't'),
  purge('key', 'a', { soft: true, at: NOW + 1 }),
  purge('pattern', 'user:*', { within: '~/shop:' }),
  purge('prefix', ''),
]

export const watcherChecks: readonly Promised[] = [
  {
    title: 'has nothing at hand, and says so to its watchers, when it is told to forget',
    async check(store) {
      if (store.forget === undefined) return
      await kept(store, 'a')
      const heard: Purge[] = []
      store.watch({ purged: one => void heard.push(one), evicted: () => {} })
      store.forget()
      assert.equal(store.peek('a'), undefined)
      assert.ok(heard.some(one => touches(one, { key: 'a', tags: [] })))
      await kept(store, 'b')
    },
  },
  {
    title: 'has told its watchers of every purge by the time the call resolves',
    async check(store) {
      const { heard, stop } = listening(store)
      await store.purge(PURGES)
      assertHeard(heard, PURGES)
      stop()
    },
  },
  {
    title: 'tells every watcher',
    async check(store) {
      const watchers = [listening(store), listening(store)]
      await store.purge(PURGES)
      for (const { heard, stop } of watchers) {
        assertHeard(heard, PURGES)
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
      assertHeard(there.heard, PURGES)
      there.stop()
    },
  },
  {
    title: 'tells of a purge when it is in effect',
    async check(store) {
      await kept(store, 'a', { tags: ['t'] })
      const look = async () => store.peek('a') ?? (await store.read('a', NOW, false)).entry
      const looks: Promise<Entry | undefined>[] = []
      const stop = store.watch(watcher(() => looks.push(look())))
      await store.purge([purge('tag', 't')])
      assert.notEqual(looks.length, 0)
      // The parts of a store may apply it one after the other, and tell of it each.
      assert.equal((await Promise.all(looks)).at(-1), undefined, 'who looks when told finds nothing')
      stop()
    },
  },
  {
    title: 'refuses the fill of who was told of a purge that touches it',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      const fills: Promise<boolean>[] = []
      const fill = async () => store.fill(sampleEntry('a', { tags: ['t'], position }), lease)
      const stop = store.watch(watcher(() => fills.push(fill())))
      await store.purge([purge('tag', 't')])
      assert.notEqual(fills.length, 0)
      await Promise.all(fills)
      await assertLacks(store, 'a', 'its fill came after a purge that touches it')
      stop()
    },
  },
  {
    title: 'tells of a put as of a purge of its key',
    async check(store) {
      const { heard, stop } = listening(store)
      await store.put(sampleEntry('a'))
      assertHeard(heard, [purge('key', 'a')])
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

/** Each at least once: a store of several parts may tell of a purge once for each of them. */
function assertHeard(heard: readonly Purge[], expected: readonly Purge[]): void {
  for (const one of expected)
    assert.ok(
      heard.some(other => isDeepStrictEqual(other, one)),
      `expected to hear ${inspect(one)}, heard ${inspect(heard)}`,
    )
  for (const one of heard)
    assert.ok(
      expected.some(other => isDeepStrictEqual(other, one)),
      `did not expect to hear ${inspect(one)}`,
    )
}

function watcher(purged: (purge: Purge) => void): StoreWatcher {
  return { purged: purged, evicted: () => undefined }
}

function listening(store: Store): { readonly heard: readonly Purge[]; readonly stop: () => void } {
  const heard: Purge[] = []
  return { heard, stop: store.watch(watcher(record => heard.push(record))) }
}
