import { stat } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import type { Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'

/** A cache that all processes on this database share, and none on another. Closing it leaves the client open. */
export async function redisCache(client: Redis, database: string): Promise<Cache> {
  const { ino } = await stat(database, { bigint: true })
  return createCache({ namespace: `cities-${ino}`, store: redisStore({ client }) })
}
