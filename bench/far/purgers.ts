import KeyvRedis from '@keyv/redis'
import { BentoCache, bentostore } from 'bentocache'
import { redisDriver } from 'bentocache/drivers/redis'
import { Cacheable } from 'cacheable'
import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'

/** Keeps entries with tags, and purges by tag. */
export interface Purger {
  set(key: string, tag: string): Promise<unknown>
  purge(tag: string): Promise<unknown>
  /** Must what was purged be kept again before it can be purged once more? Where nobody looks for it, a purge costs the same. */
  readonly deletes?: boolean
}

/** Those who purge by name. Each has a database of its own. */
export const purgers: Readonly<Record<string, (url: string) => Purger>> = {
  'smart-cache': url => {
    const cache = createCache({ store: redisStore({ client: new Redis(url), near: false }) })
    return { set: (key, tag) => cache.getOrSet(key, () => key, { ttl: '30m', tags: [tag] }), purge: tag => cache.invalidate(tag) }
  },
  bentocache: url => {
    const layer = redisDriver({ connection: new Redis(url) })
    const cache = new BentoCache({ default: 'redis', stores: { redis: bentostore().useL2Layer(layer) } })
    return { set: (key, tag) => cache.set({ key, value: key, ttl: '30m', tags: [tag] }), purge: tag => cache.deleteByTag({ tags: [tag] }) }
  },
  cacheable: url => {
    const cache = new Cacheable({ secondary: new KeyvRedis(url), tags: true })
    return { set: (key, tag) => cache.set(key, key, { ttl: '30m', tags: [tag] }), purge: tag => cache.tags.invalidateTag(tag) }
  },
  'SCAN and DEL': url => {
    const client = new Redis(url)
    return {
      set: (key, tag) => client.set(`${tag}:${key}`, key),
      purge: tag => scanAndDelete(client, `${tag}:*`),
      deletes: true,
    }
  },
}

async function scanAndDelete(client: Redis, pattern: string): Promise<void> {
  let cursor = '0'
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', 1000)
    if (keys.length > 0) await client.unlink(...keys)
    cursor = next
  } while (cursor !== '0')
}
