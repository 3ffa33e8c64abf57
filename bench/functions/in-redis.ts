import KeyvRedis, { createKeyv as createRedisKeyv } from '@keyv/redis'
import { createCache as createDedupe } from 'async-cache-dedupe'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import { createCache as createManager } from 'cache-manager'
import { Cacheable, createKeyv } from 'cacheable'
import { Redis } from 'ioredis'
import { Loader, RedisCache } from 'layered-loader'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { byHand, ENTRIES, HALF_AN_HOUR_MS } from '../values/by-hand.js'
import { loadUser, type User } from '../values/origin.js'
import { askCacheable, askOf, type Make } from './asking.js'

/** A function kept in memory and in Redis. */
export const inBoth: Readonly<Record<string, Make>> = {
  'by hand': byHand,
  'smart-cache': (tags, url) => {
    const cache = createCache({ store: redisStore({ client: new Redis(url), prefix: prefixOf('both', tags) }) })
    return cache.cached(loadUser, { ttl: '30m', tags })
  },
  'layered-loader': (_, url) => {
    const loader = new Loader<User>({
      inMemoryCache: { cacheType: 'lru-map', ttlInMsecs: HALF_AN_HOUR_MS, maxItems: ENTRIES },
      asyncCache: new RedisCache<User>(new Redis(url), { json: true, ttlInMsecs: HALF_AN_HOUR_MS, prefix: 'layered-both' }),
      dataSourceGetOneFn: loadUser,
    })
    return askOf(id => loader.get(id))
  },
  bentocache: (tags, url) => {
    const memory = memoryDriver({ maxItems: ENTRIES })
    const redis = redisDriver({ connection: new Redis(url), prefix: prefixOf('bento-both', tags) })
    const cache = new BentoCache({ default: 'both', stores: { both: bentostore().useL1Layer(memory).useL2Layer(redis) } })
    return id => cache.getOrSet({ key: id, factory: () => loadUser(id), ttl: '30m', tags: [...tags] })
  },
  cacheable: (tags, url) => {
    const namespace = prefixOf('cacheable-both', tags)
    return askCacheable(new Cacheable({ namespace, secondary: new KeyvRedis(url), tags: tags.length > 0 }), tags)
  },
  'cache-manager': (_, url) => {
    const memory = createKeyv({ ttl: HALF_AN_HOUR_MS, lruSize: ENTRIES })
    const cache = createManager({ stores: [memory, createRedisKeyv(url, { namespace: 'manager-both' })] })
    return id => cache.wrap(id, () => loadUser(id), HALF_AN_HOUR_MS)
  },
}

/** A function kept in Redis alone. */
export const inRedis: Readonly<Record<string, Make>> = {
  'by hand': (_, url) => {
    const client = new Redis(url)
    return async id => {
      const found = await client.get(`hand:${id}`)
      if (found !== null) return JSON.parse(found) as User
      const user = await loadUser(id)
      await client.set(`hand:${id}`, JSON.stringify(user), 'PX', HALF_AN_HOUR_MS)
      return user
    }
  },
  'smart-cache': (tags, url) => {
    const cache = createCache({ store: redisStore({ client: new Redis(url), prefix: prefixOf('far', tags), near: false }) })
    return cache.cached(loadUser, { ttl: '30m', tags })
  },
  'layered-loader': (_, url) => {
    const asyncCache = new RedisCache<User>(new Redis(url), { json: true, ttlInMsecs: HALF_AN_HOUR_MS, prefix: 'layered' })
    const loader = new Loader<User>({ asyncCache, dataSourceGetOneFn: loadUser })
    return askOf(id => loader.get(id))
  },
  'async-cache-dedupe': (tags, url) => {
    const invalidation = tags.length > 0 && { referencesTTL: HALF_AN_HOUR_MS / 1000 }
    const storage = { type: 'redis', options: { client: new Redis(url), invalidation } } as const
    const cache = createDedupe({ ttl: HALF_AN_HOUR_MS / 1000, storage })
    return cache.define('user', { references: () => [...tags] }, loadUser).user
  },
  bentocache: (tags, url) => {
    const redis = redisDriver({ connection: new Redis(url), prefix: prefixOf('bento', tags) })
    const cache = new BentoCache({ default: 'redis', stores: { redis: bentostore().useL2Layer(redis) } })
    return id => cache.getOrSet({ key: id, factory: () => loadUser(id), ttl: '30m', tags: [...tags] })
  },
  cacheable: (tags, url) => {
    const namespace = prefixOf('cacheable', tags)
    return askCacheable(new Cacheable({ namespace, primary: new KeyvRedis(url), tags: tags.length > 0 }), tags)
  },
  'cache-manager': (_, url) => {
    const cache = createManager({ stores: [createRedisKeyv(url, { namespace: 'manager' })] })
    return id => cache.wrap(id, () => loadUser(id), HALF_AN_HOUR_MS)
  },
}

function prefixOf(name: string, tags: readonly string[]): string {
  return `${name}-${tags.length}`
}
