import { createCache as createDedupe } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { createCache as createManager } from 'cache-manager'
import { Cacheable, createKeyv } from 'cacheable'
import { Loader } from 'layered-loader'
import { LRUCache } from 'lru-cache'
import pMemoize from 'p-memoize'
import { createCache } from 'smart-cache'
import { counted } from '../analytics/counted.js'
import { byHand, ENTRIES, HALF_AN_HOUR_MS } from '../values/by-hand.js'
import { loadUser, type User } from '../values/origin.js'
import { askCacheable, askOf, type Make } from './asking.js'

/** A function kept in memory, by each as its users would write it. */
export const inMemory: Readonly<Record<string, Make>> = {
  'by hand': byHand,
  'smart-cache': tags => createCache().cached(loadUser, { ttl: '30m', tags }),
  'smart-cache, counted': tags => counted(createCache()).cached(loadUser, { ttl: '30m', tags }),
  'p-memoize': () => pMemoize(loadUser, { cache: new LRUCache<string, User>({ max: ENTRIES, ttl: HALF_AN_HOUR_MS }) }),
  'layered-loader': () => {
    const loader = new Loader<User>({
      inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: HALF_AN_HOUR_MS, maxItems: ENTRIES },
      dataSourceGetOneFn: loadUser,
    })
    return askOf(id => loader.get(id))
  },
  'async-cache-dedupe': tags => {
    const storage = { type: 'memory', options: { size: ENTRIES, invalidation: tags.length > 0 } } as const
    const cache = createDedupe({ ttl: HALF_AN_HOUR_MS / 1000, storage })
    return cache.define('user', { references: () => [...tags] }, loadUser).user
  },
  bentocache: tags => {
    const memory = memoryDriver({ maxItems: ENTRIES, serialize: false })
    const cache = new BentoCache({ default: 'memory', stores: { memory: bentostore().useL1Layer(memory) } })
    return id => cache.getOrSet({ key: id, factory: () => loadUser(id), ttl: '30m', tags: [...tags] })
  },
  cacheable: tags => askCacheable(new Cacheable({ tags: tags.length > 0 }), tags),
  'cache-manager': () => {
    const cache = createManager({ stores: [createKeyv({ ttl: HALF_AN_HOUR_MS, lruSize: ENTRIES })] })
    return id => cache.wrap(id, () => loadUser(id), HALF_AN_HOUR_MS)
  },
}
