import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'

/** A cache that several processes share. */
export function sharedCache(url: string): Cache {
  return createCache({ store: redisStore({ client: new Redis(url) }) })
}
