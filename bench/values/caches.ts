import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { LRUCache } from 'lru-cache'
import { createCache } from 'smart-cache'
import { byHand, ENTRIES, HALF_AN_HOUR_MS } from './by-hand.js'
import { loadUser, type User } from './origin.js'

/** Asks a cache for a user. */
export type Ask = (id: string) => User | undefined | Promise<User | undefined>

/** The caches by name: each written as its users would write it, and with room for all that is asked. */
export const caches: Readonly<Record<string, () => Ask>> = {
  'by hand': byHand,
  'lru-cache': () => {
    const kept = new LRUCache<string, User>({ max: ENTRIES, ttl: HALF_AN_HOUR_MS })
    return id => kept.get(id) ?? loadUser(id).then(user => (kept.set(id, user), user))
  },
  'smart-cache': () => {
    const cache = createCache()
    return id => cache.getOrSet(id, () => loadUser(id), { ttl: '30m' })
  },
  'smart-cache, tag': () => {
    const cache = createCache()
    return id => cache.getOrSet(id, () => loadUser(id), { ttl: '30m', tags: ['users'] })
  },
  bentocache: () => {
    const cache = bento()
    return id => cache.getOrSet({ key: id, factory: () => loadUser(id), ttl: '30m' })
  },
  'bentocache, tag': () => {
    const cache = bento()
    return id => cache.getOrSet({ key: id, factory: () => loadUser(id), ttl: '30m', tags: ['users'] })
  },
}

function bento() {
  const memory = memoryDriver({ maxItems: ENTRIES, serialize: false })
  return new BentoCache({ default: 'memory', stores: { memory: bentostore().useL1Layer(memory) } })
}
