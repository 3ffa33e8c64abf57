import assert from 'node:assert/strict'
import { assertHolds, assertLacks, found, intendTo, kept, NOW, purge, sampleEntry, STALE, type Promised } from './promised.js'

export const leaseChecks: readonly Promised[] = [
  {
    title: 'gives no lease to who did not ask for one',
    async check(store) {
      assert.equal((await store.read('a', NOW, false)).lease, undefined)
    },
  },
  {
    title: 'gives a lease to who finds nothing',
    async check(store) {
      await intendTo(store, 'a')
    },
  },
  {
    title: 'gives no lease where the entry is fresh',
    async check(store) {
      await kept(store, 'a')
      assert.equal((await store.read('a', NOW, true)).lease, undefined)
    },
  },
  {
    title: 'gives a lease with an entry that is stale',
    async check(store) {
      await kept(store, 'a')
      const reading = await store.read('a', STALE, true)
      assert.notEqual(reading.entry, undefined)
      assert.notEqual(reading.lease, undefined)
    },
  },
  {
    title: 'lets one of two who read to fill the same key fill it',
    async check(store) {
      const first = await intendTo(store, 'a')
      const second = await store.read('a', NOW, true)
      const outcomes = [await store.fill(sampleEntry('a', { value: 1, position: first.position }), first.lease)]
      if (second.lease !== undefined) {
        outcomes.push(await store.fill(sampleEntry('a', { value: 2, position: second.position }), second.lease))
      }
      assert.equal(outcomes.filter(Boolean).length, 1, `expected one fill to be kept, got ${outcomes.join()}`)
      assert.equal((await found(store, 'a'))?.value, outcomes.indexOf(true) + 1, 'what is kept is what was accepted')
    },
  },
  {
    title: 'says to who finds the lease taken when to look again',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      const taken = await store.read('a', NOW, true)
      if (taken.lease !== undefined) return
      assert.notEqual(taken.busy, undefined, 'there is no lease, so there is something to wait for')
      await store.fill(sampleEntry('a', { position }), lease)
      await taken.busy
      assert.notEqual(await found(store, 'a'), undefined)
    },
  },
  {
    title: 'lets one of two fills under one lease be kept, even at once',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      const fill = (value: number) => store.fill(sampleEntry('a', { value, position }), lease)
      const outcomes = await Promise.all([fill(1), fill(2)])
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.equal((await found(store, 'a'))?.value, outcomes.indexOf(true) + 1)
    },
  },
  {
    title: 'refuses a fill under the lease of another key',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      assert.equal(await store.fill(sampleEntry('b', { position }), lease), false)
      await assertLacks(store, 'b', 'its fill was refused')
    },
  },
  {
    title: 'takes a lease back, and gives the next who asks another',
    async check(store) {
      const first = await intendTo(store, 'a')
      await store.release('a', first.lease)
      assert.equal(await store.fill(sampleEntry('a', { position: first.position }), first.lease), false)
      await assertLacks(store, 'a', 'the lease was given back')
      await kept(store, 'a')
    },
  },
  {
    title: 'does nothing when a lease is given back that has ended',
    async check(store) {
      const first = await intendTo(store, 'a')
      await store.release('a', first.lease)
      const second = await intendTo(store, 'a')
      await store.release('a', first.lease)
      const entry = sampleEntry('a', { position: second.position })
      assert.equal(await store.fill({ ...entry }, second.lease), true)
      await assertHolds(store, entry, 'its lease was good')
    },
  },
  {
    title: 'does nothing when the lease of another key is given back',
    async check(store) {
      const [a, b] = [await intendTo(store, 'a'), await intendTo(store, 'b')]
      await store.release('a', b.lease)
      assert.equal(await store.fill(sampleEntry('a', { position: a.position }), a.lease), true)
    },
  },
  {
    title: 'ends the lease when it refuses the fill',
    async check(store) {
      const { lease, position } = await intendTo(store, 'a')
      await store.purge([purge('tag', 't')])
      assert.equal(await store.fill(sampleEntry('a', { tags: ['t'], position }), lease), false)
      assert.equal(await store.fill(sampleEntry('a', { position: position + 1 }), lease), false)
      await kept(store, 'a')
    },
  },
]
