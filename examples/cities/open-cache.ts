import { createCache } from 'smart-cache'
import type { Cache } from 'smart-cache'
import { connectRedis } from './redis/connect-redis.js'
import { redisCache } from './redis/redis-cache.js'

/** The cache of this process, and what ends it with everything that it needs. */
export interface OpenCache {
  readonly cache: Cache
  readonly close: () => Promise<void>
}

/** Keeps pages in the memory of this process; with the URL of a Redis, among all processes on one database. */
export async function openCache(database: string, redis: string | undefined): Promise<OpenCache> {
  if (redis === undefined) {
    const cache = createCache()
    return { cache, close: async () => cache.close() }
  }
  // Whoever watches Redis says how it is; here, all that follows is that there are no hits.
  const client = await connectRedis(redis, { onError: () => undefined })
  const cache = await redisCache(client, database)
  return {
    cache,
    close: async () => {
      await cache.close()
      client.disconnect()
    },
  }
}
