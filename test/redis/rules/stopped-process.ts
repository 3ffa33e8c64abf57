import { World } from '../world.js'
import { POLICY } from './purges.js'

// A process that keeps a value in its near tier, hears nothing more, and is stopped and woken by who started it.

/** What it tells. */
export interface Told {
  readonly state: 'keeps' | 'woken'
  readonly atHand: unknown
}

const [url = '', prefix = '', value = ''] = process.argv.slice(2)
const world = new World(url, 1, prefix)
const { cache, store, deafen } = await world.member({ leaseMs: 1000 })
const tell = (state: Told['state']) => process.send?.({ state, atHand: store.peek('k')?.value } satisfies Told)

// As long as its lease holds: on a busy machine it may have run out before all is silent.
for (;;) {
  await cache.getOrSet('k', () => value, POLICY)
  const { news, renewals } = await deafen()
  if (store.peek('k') !== undefined) break
  news.open()
  renewals.open()
}
process.once('disconnect', () => process.exit())
process.once('message', () => {
  tell('woken')
  void world.close().then(() => process.exit())
})
tell('keeps')
