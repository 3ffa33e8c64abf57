import { expect } from 'chai'
import { createCache, memoryStore, type Cache } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { countedLoad } from '../cache/held-load.js'
import { slowStore } from '../stores/slow-store.js'

type Ask = () => Promise<unknown>

/** How something is asked for that `loader` loads, through each face that knows no request. */
const FACES: Readonly<Record<string, (cache: Cache, loader: () => unknown) => Ask>> = {
  'a value': (cache, loader) => () => cache.getOrSet('k', loader),
  'a function': (cache, loader) => {
    const f = cache.cached((_id: number) => loader(), { name: 'f' })
    return () => f(7)
  },
  'a function with a key of its own': (cache, loader) => {
    const f = cache.cached((_user: { readonly id: number }) => loader(), { key: 'user:{id}' })
    return () => f({ id: 7 })
  },
  'one of many calls': (cache, loader) => {
    const f = cache.cached((_id: number) => loader(), { name: 'f', loadMany: async calls => Promise.all(calls.map(() => loader())) })
    return async () => (await f.many([[7]]))[0]
  },
  'a method': (cache, loader) => {
    class Shop {
      @cache.cached()
      async offers(_city: string): Promise<unknown> {
        return loader()
      }
    }
    return () => new Shop().offers('Bern')
  },
  'a label': (cache, loader) => {
    cache.define('offers', { load: (_city: string) => loader() })
    return () => cache.load('offers', { city: 'Bern' })
  },
  'a fragment': (cache, loader) => () => cache.fragment('sidebar', { template: 'of the test' }, loader as () => string),
}

const STORES = { 'in memory': memoryStore, 'far away': slowStore }

for (const [face, asking] of Object.entries(FACES)) {
  for (const [where, store] of Object.entries(STORES)) {
    describe(`${face[0]?.toUpperCase()}${face.slice(1)} that is kept ${where}`, () => {
      const thousand = (ask: Ask) => Array.from({ length: 1000 }, () => ask())

      it('is loaded once for a thousand who ask at once', async () => {
        const answer = gate<string>()
        const load = countedLoad(() => answer)
        const ask = asking(createCache({ store: store() }), load.loader)
        const asked = thousand(ask)
        answer.open('v')
        expect(new Set(await Promise.all(asked))).to.deep.equal(new Set(['v']))
        expect([await ask(), load.calls]).to.deep.equal(['v', 1])
      })

      it('hands its error to a thousand, as it was thrown, and to nobody who asks later', async () => {
        const error = Object.assign(new Error('origin'), { status: 404 })
        const load = countedLoad(call => (call === 1 ? Promise.reject(error) : 'v'))
        const ask = asking(createCache({ store: store() }), load.loader)
        const asked = await Promise.allSettled(thousand(ask))
        expect(asked.filter(one => one.status === 'rejected' && one.reason === error)).to.have.length(1000)
        expect([await ask(), load.calls]).to.deep.equal(['v', 2])
      })

      it('is not poisoned by a loader that throws before its first await', async () => {
        const error = new Error('at once')
        const load = countedLoad(call => {
          if (call < 3) throw error
          return 'v'
        })
        const ask = asking(createCache({ store: store() }), load.loader)
        for (const _ of [1, 2]) expect(await ask().catch((thrown: unknown) => thrown)).to.equal(error)
        expect([await ask(), await ask(), load.calls]).to.deep.equal(['v', 'v', 3])
      })
    })
  }
}

interface Loaded {
  readonly list: { name: string }[]
}

interface Changeable {
  readonly at: Date
  readonly bytes: Buffer
  readonly map: Map<string, { n: number }>
  readonly set: Set<string>
}

for (const [face, asking] of Object.entries(FACES).filter(([name]) => name !== 'a fragment')) {
  describe(`What is handed out of ${face}`, () => {
    it('is frozen deep, once: the same for who loaded it and for whoever hits it', async () => {
      const mine: Loaded = { list: [{ name: 'Ada' }] }
      const ask = asking(createCache(), () => mine) as () => Promise<Loaded>
      const all = [await ask(), await ask(), await ask(), await ask()]
      expect(new Set(all)).to.have.property('size', 1)
      expect([all[0], all[0]?.list, all[0]?.list[0]].every(Object.isFrozen)).to.equal(true)
      expect(Object.isFrozen(mine.list)).to.equal(false)
      mine.list.push({ name: 'Bob' })
      expect(await ask()).to.deep.equal({ list: [{ name: 'Ada' }] })
    })

    it('is a copy of one’s own where it cannot be frozen: what is done to it changes nothing', async () => {
      const made = (): Changeable => ({
        at: new Date(0),
        bytes: Buffer.from('abc'),
        map: new Map([['a', { n: 1 }]]),
        set: new Set(['a']),
      })
      const ask = asking(createCache(), made) as () => Promise<Changeable>
      for (const _ of [1, 2, 3, 4]) {
        const { at, bytes, map, set } = await ask()
        expect({ at, bytes, map, set }).to.deep.equal(made())
        at.setTime(1)
        bytes.fill(0)
        map.set('b', { n: 2 }).delete('a')
        set.add('b')
      }
    })
  })
}
