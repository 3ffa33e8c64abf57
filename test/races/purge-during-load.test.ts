import { expect } from 'chai'
import { createCache, type Cache, type PolicyOptions, type Store } from 'smart-cache'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import { heldLoad } from '../cache/held-load.js'
import { nextSignal } from '../cache/next-signal.js'
import { STORES } from './stores.js'

const KEY = 'user:7:profile'
const POLICY: PolicyOptions = { ttl: '1m', grace: '10m', staleIfError: '10m', tags: ['t', 'u'] }

/** What may come between the beginning and the end of a load of KEY, and what is under the key then. */
const DEEDS: Readonly<Record<string, readonly [(cache: Cache) => Promise<unknown>, string | undefined]>> = {
  'a purge by tag': [cache => cache.invalidate('u'), undefined],
  'a purge by several tags': [cache => cache.invalidate(['x', 't']), undefined],
  'a purge by key': [cache => cache.invalidate({ key: KEY }), undefined],
  'a purge by several keys': [cache => cache.invalidate({ keys: ['x', KEY] }), undefined],
  'a purge by prefix': [cache => cache.invalidate({ prefix: 'user:' }), undefined],
  'a purge by pattern': [cache => cache.invalidate({ pattern: 'user:*:profile' }), undefined],
  'a purge of everything': [cache => cache.clear(), undefined],
  'a delete': [cache => cache.delete(KEY), undefined],
  'a set': [cache => cache.set(KEY, 'set', POLICY), 'set'],
}

const CACHES: Readonly<Record<string, (store: Store, clock: FakeClock) => Cache>> = {
  'in the root': (store, clock) => createCache({ store, clock }),
  'in a namespace': (store, clock) => createCache({ store, clock, namespace: 'shop' }),
}

for (const [over, makeStore] of Object.entries(STORES)) {
  for (const [where, makeCache] of Object.entries(CACHES)) {
    for (const [what, [deed, left]] of Object.entries(DEEDS)) {
      describe(`${what} ${where}, over ${over}`, () => {
        it('in the middle of a load: who asked before gets what is loaded, who asks after never does', async () => {
          const cache = makeCache(makeStore(), fakeClock())
          const load = heldLoad()
          const before = [cache.getOrSet(KEY, load.loader, POLICY), cache.getOrSet(KEY, load.loader, POLICY)]
          await load.begun
          before.push(cache.getOrSet(KEY, load.loader, POLICY))
          await deed(cache)
          expect(await cache.getOrSet(KEY, () => 'new', POLICY), 'not held up by the load either').to.equal(left ?? 'new')
          load.answer.open('old')
          expect(await Promise.all(before)).to.deep.equal(['old', 'old', 'old'])
          expect(load.calls).to.equal(1)
          expect(await cache.get(KEY)).to.equal(left ?? 'new')
        })

        it('in the middle of a load that nobody else asks for: it is not kept', async () => {
          const cache = makeCache(makeStore(), fakeClock())
          const load = heldLoad()
          const refused = nextSignal(cache, 'refuse')
          const asked = cache.getOrSet(KEY, load.loader, POLICY)
          await load.begun
          await deed(cache)
          load.answer.open('old')
          expect(await asked).to.equal('old')
          expect((await refused).reason).to.equal('purged')
          expect(await cache.get(KEY)).to.equal(left)
        })

        it('in the middle of a refresh: neither the stale nor the refreshed is served to who asks after', async () => {
          const { cache, load } = await refreshing(makeCache, makeStore())
          await deed(cache)
          expect(await cache.getOrSet(KEY, () => 'new', POLICY)).to.equal(left ?? 'new')
          const ended = nextSignal(cache, 'refuse')
          load.answer.open('refreshed')
          await ended
          expect(await cache.get(KEY)).to.equal(left ?? 'new')
        })

        it('in the middle of a load that fails: what covers for it is not served to who asks after', async () => {
          const clock = fakeClock()
          const cache = makeCache(makeStore(), clock)
          await cache.set(KEY, 'spare', { ...POLICY, grace: 0 })
          clock.advance('2m')
          const load = heldLoad()
          const before = [cache.getOrSet(KEY, load.loader, POLICY), cache.getOrSet(KEY, load.loader, POLICY)]
          await load.begun
          await deed(cache)
          expect(await cache.getOrSet(KEY, () => 'new', POLICY)).to.equal(left ?? 'new')
          load.answer.fail(new Error('origin'))
          expect(await Promise.all(before)).to.deep.equal(['spare', 'spare'])
          expect(await cache.get(KEY)).to.equal(left ?? 'new')
        })

        it('by another cache over the same store is as good as by one’s own', async () => {
          const store = makeStore()
          const [cache, other] = [makeCache(store, fakeClock()), makeCache(store, fakeClock())]
          const load = heldLoad()
          const before = cache.getOrSet(KEY, load.loader, POLICY)
          await load.begun
          await deed(other)
          expect(await cache.getOrSet(KEY, () => 'new', POLICY)).to.equal(left ?? 'new')
          load.answer.open('old')
          expect(await before).to.equal('old')
          expect(await Promise.all([cache.get(KEY), other.get(KEY)])).to.deep.equal([left ?? 'new', left ?? 'new'])
        })
      })
    }
  }
}

async function refreshing(makeCache: (store: Store, clock: FakeClock) => Cache, store: Store) {
  const clock = fakeClock()
  const cache = makeCache(store, clock)
  await cache.set(KEY, 'stale', POLICY)
  clock.advance('2m')
  const load = heldLoad()
  expect(await cache.getOrSet(KEY, load.loader, POLICY)).to.equal('stale')
  await load.begun
  return { cache, load }
}
