import { AssertionError } from 'node:assert'
import { expect } from 'chai'
import { memoryStore, type Entry, type FillLease, type Reading, type Store } from 'smart-cache'
import { storeContract } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'

/** A store with one fault, and a check that must find it. */
const FAULTS: Readonly<Record<string, readonly [(inner: Store) => Partial<Store>, string]>> = {
  'keeps every fill': [
    inner => ({ fill: entry => (inner.put(entry), true) }),
    'refuses a fill if one of its tags was purged after the read',
  ],
  'refuses every fill after a purge': [
    inner => {
      let purged = 0
      return {
        purge: purges => (purged++, inner.purge(purges)),
        fill: (entry, lease) => purged === 0 && inner.fill(entry, lease),
      }
    },
    'accepts a fill if another tag was purged after the read',
  ],
  'says that it kept what it refused': [
    inner => ({ fill: (entry, lease) => (inner.fill(entry, lease), true) }),
    'lets one of two fills under one lease be kept, even at once',
  ],
  'forgets what it filled': [
    inner => ({ read: (...asked) => ({ ...(inner.read(...asked) as Reading), entry: undefined }) }),
    'returns what was filled, with all its fields',
  ],
  'hands a lease to everybody': [
    inner => ({ read: (key, now) => inner.read(key, now, true) }),
    'gives no lease to who did not ask for one',
  ],
  'hands out leases of no key': [
    inner => ({
      read: (key, now, toFill) => ({ ...(inner.read(key, now, false) as Reading), lease: toFill ? 'any' : undefined }),
      fill: entry => (inner.put(entry), true),
    }),
    'gives no lease where the entry is fresh',
  ],
  'takes back the lease of whoever holds it': [
    inner => {
      const leases = new Map<string, FillLease>()
      return {
        read: (key, now, toFill) => {
          const reading = inner.read(key, now, toFill) as Reading
          if (reading.lease !== undefined) leases.set(key, reading.lease)
          return reading
        },
        release: key => inner.release(key, leases.get(key) ?? ''),
      }
    },
    'does nothing when a lease is given back that has ended',
  ],
  'never takes a lease back': [inner => ({ release: () => void inner }), 'takes a lease back, and gives the next who asks another'],
  'ignores the second of several purges': [
    inner => ({ purge: purges => inner.purge(purges.slice(0, 1)) }),
    'applies every purge of one call',
  ],
  'makes hard purges of soft ones': [
    inner => ({ purge: purges => inner.purge(purges.map(purge => ({ ...purge, soft: false }))) }),
    'makes stale what a soft purge of a tag touches, and nothing else',
  ],
  'ignores soft purges': [
    inner => ({ purge: purges => inner.purge(purges.map(purge => (purge.soft ? { ...purge, name: 'nothing' } : purge))) }),
    'makes stale what a soft purge of a key touches, and nothing else',
  ],
  'ends everything at each purge': [
    inner => ({ purge: purges => inner.purge([...purges, { kind: 'prefix', name: '', soft: false, at: 0 }]) }),
    'ends what a purge of a key touches, and nothing else',
  ],
  'purges patterns as prefixes': [
    inner => ({
      purge: purges =>
        inner.purge(
          purges.map(purge => (purge.kind === 'pattern' ? { ...purge, kind: 'prefix', name: purge.name.split('*', 1)[0] ?? '' } : purge)),
        ),
    }),
    'ends what a purge of a pattern touches, and nothing else',
  ],
  'lets an old entry survive at hand': [
    inner => {
      const near = new Map<string, Entry>()
      return {
        peek: key => near.get(key),
        fill: (entry, lease) => {
          const kept = inner.fill(entry, lease)
          if (kept === true) near.set(entry.key, entry)
          return kept
        },
      }
    },
    'ends what a purge of a tag touches, and nothing else',
  ],
  'resolves before it has purged': [
    inner => ({ purge: async purges => void setImmediate(() => inner.purge(purges)) }),
    'ends what a purge of everything touches, and nothing else',
  ],
  'tells its watchers first': [
    inner => {
      const watchers = new Set<Parameters<Store['watch']>[0]>()
      return {
        watch: watcher => (watchers.add(watcher), () => watchers.delete(watcher)),
        purge: purges => {
          for (const watcher of watchers) for (const purge of purges) watcher.purged(purge)
          return inner.purge(purges)
        },
      }
    },
    'tells of a purge when it is in effect',
  ],
  'tells its watchers later': [
    inner => ({ watch: watcher => inner.watch({ ...watcher, purged: purge => void setImmediate(() => watcher.purged(purge)) }) }),
    'has told its watchers of every purge by the time the call resolves',
  ],
  'cannot be left by its watchers': [
    inner => ({ watch: watcher => (inner.watch(watcher), () => undefined) }),
    'tells a watcher nothing more once it has been taken off',
  ],
  'keeps in JSON': [
    inner => ({ fill: (entry, lease) => inner.fill({ ...entry, value: JSON.parse(JSON.stringify([entry.value]))[0] as unknown }, lease) }),
    'gives back undefined unchanged',
  ],
  'gives its leases once, and lets who comes late look for ever': [
    inner => {
      let given = false
      return {
        read(key, now, toFill) {
          const reading = inner.read(key, now, toFill && !given)
          given ||= toFill
          return reading
        },
      }
    },
    'says to who finds the lease taken when to look again',
  ],
  'folds the case of its keys': [
    inner => ({ read: (key, ...rest) => inner.read(key.toLowerCase(), ...rest) }),
    'tells keys with odd characters apart, and each from its neighbours',
  ],
  'never moves its position': [
    inner => ({ read: (...asked) => ({ ...(inner.read(...asked) as Reading), position: 0 }) }),
    'moves the position at each purge, even of what is not there',
  ],
  'puts as if it filled': [
    inner => ({
      put: entry => {
        const { lease, position } = inner.read(entry.key, 0, true) as Reading
        void inner.fill({ ...entry, position }, lease ?? '')
      },
    }),
    'moves the position when it puts',
  ],
}

describe('storeContract', () => {
  for (const [fault, [others, title]] of Object.entries(FAULTS)) {
    it(`finds a store that ${fault}`, async () => {
      const [outcome] = await Promise.allSettled([check(title, storeWith(others))])
      expect(outcome).to.have.property('reason').that.is.instanceOf(AssertionError)
    })
  }

  it('makes one store for each check, and closes it, also if the check fails', async () => {
    let [made, closed] = [0, 0]
    const create = () => {
      made++
      return storeWith(() => ({ close: () => void closed++, read: () => ({ entry: undefined, position: 0, lease: undefined }) }))
    }
    const checks = storeContract(create)
    expect(made).to.equal(0)
    const outcomes = await Promise.allSettled(checks.map(({ run }) => run()))
    expect(outcomes.map(({ status }) => status)).to.include.members(['fulfilled', 'rejected'])
    expect([made, closed]).to.deep.equal([checks.length, checks.length])
  })

  it('takes a store that is promised', async () => {
    for (const { run } of storeContract(async () => memoryStore()).slice(0, 3)) await run()
  })

  it('has a title of its own for every check', () => {
    const titles = [...storeContract(() => memoryStore())].map(({ title }) => title)
    expect(new Set(titles).size).to.equal(titles.length)
  })
})

async function check(title: string, store: Store): Promise<void> {
  const found = storeContract(() => store).find(one => one.title === title)
  expect(found, title).to.not.equal(undefined)
  await found?.run()
}
