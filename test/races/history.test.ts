import { expect } from 'chai'
import { createCache, memoryStore, type Store } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { SEED } from '../property.js'
import { slowStore } from '../stores/slow-store.js'
import { storeWith } from '../stores/store-with.js'
import { Chance, settled, Steps } from './steps.js'
import { World } from './world.js'

const STEPS = 15_000
const AT_ONCE = 16

const STORES: Readonly<Record<string, (pause: () => Promise<void>) => Store>> = {
  'the memory store': () => memoryStore(),
  'a memory store short of room': () => memoryStore({ maxBytes: 2_500 }),
  'a store that answers by promises': pause => slowStore(pause),
  'a store that only purges by promises': pause =>
    storeWith(inner => ({
      async purge(purges) {
        await pause()
        await inner.purge(purges)
        await pause()
      },
    })),
}

for (const [over, makeStore] of Object.entries(STORES)) {
  for (const seed of [SEED, SEED + 1]) {
    describe(`A history of reads and writes over ${over} (seed ${seed})`, () => {
      it('has no read that began after a purge and was given what is older', async () => {
        const { world, hits } = await history(makeStore, seed)
        expect(world.violations.slice(0, 5), `seed ${seed}`).to.deep.equal([])
        expect(world.reads, 'too few reads to show anything').to.be.above(STEPS / 10)
        expect(world.writes, 'too few writes to show anything').to.be.above(STEPS / 100)
        expect(hits / world.reads, 'so few hits that it shows nothing').to.be.above(0.15)
      })
    })
  }
}

/** Readers and writers, each step of each in an order that chance decides. */
async function history(makeStore: (pause: () => Promise<void>) => Store, seed: number) {
  const chance = new Chance(seed)
  const steps = new Steps(chance)
  const clock = fakeClock()
  const cache = createCache({ clock, store: makeStore(steps.pause) })
  const world = new World(cache, chance, steps.pause)
  let [hits, busy] = [0, 0]
  for (const signal of ['hit', 'stale'] as const) cache.on(signal, () => void hits++)

  const begin = (work: Promise<void>) => {
    busy++
    // A load that fails is an answer like any other; whatever else goes wrong shows in the counts.
    void Promise.allSettled([work]).then(() => void busy--)
  }
  for (let step = 0; step < STEPS; step++) {
    if (busy < AT_ONCE && chance.below(3) > 0) begin(chance.once(12) ? world.write() : world.read())
    else if (chance.once(50)) clock.advance('30s')
    else await steps.next()
  }
  for (await settled(); steps.waiting > 0;) await steps.next()
  expect(busy, 'somebody waits for ever').to.equal(0)
  return { world, hits }
}
