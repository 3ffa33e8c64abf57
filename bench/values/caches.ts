import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { LRUCache } from 'lru-cache'
import { createCache } from 'smart-cache'
import { loadUser, type User } from './origin.js'

/** Asks a cache for a user. */
export type Ask = (id: string) => User | undefined | Promise<User | undefined>

const HALF_AN_HOUR_MS = 1_800_000
const ENTRIES = 100_000

/** The caches by name: each written as its users would write it, and with room for all that is asked. */
export const caches: Readonly<Record<string, () => Ask>> = {
  'by hand': () => {
    const kept = new LRUCache<string, User>({ max: ENTRIES, ttl: HALF_AN_HOUR_MS })
    return async id => {
      const found = kept.get(id)
      if (found !== undefined) return found
      const user = await loadUser(id)
      kept.set(id, user)
      return user
    }
  },
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
