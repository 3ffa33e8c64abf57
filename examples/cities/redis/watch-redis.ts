import type { Redis } from 'ioredis'
import { connectRedis } from './connect-redis.js'
import { redisCache } from './redis-cache.js'

/** How long to wait before trying again to purge, ms. */
const AGAIN_MS = 1_000

export interface Watch {
  close(): void
}

/**
 * Keeps an eye on Redis for all processes: says once that it cannot be used, and once that it is back. Whenever it comes, what it still holds
 * of these pages is purged, and if that fails, again, as long as it is there: the database may have changed while nobody could tell it. Resolves when that
 * is done for the first time, or has failed.
 */
export async function watchRedis(url: string, database: string): Promise<Watch> {
  let away = false
  const lost = (error: Error): void => {
    if (!away) console.warn(`Redis cannot be used (${reasonOf(error)}). The application goes on, without hits.`)
    away = true
  }
  const found = (): void => {
    if (away) console.warn('Redis is back.')
    away = false
  }
  const empty = async (client: Redis): Promise<void> => {
    try {
      await forget(client, database)
      found()
    } catch (error) {
      lost(error as Error)
      setTimeout(() => {
        if (client.status === 'ready') void empty(client)
      }, AGAIN_MS).unref()
    }
  }
  let forgotten = Promise.resolve()
  const client = await connectRedis(url, {
    onError: lost,
    onReady: ready => {
      forgotten = empty(ready)
    },
  })
  await forgotten
  return { close: () => client.disconnect() }
}

async function forget(client: Redis, database: string): Promise<void> {
  const cache = await redisCache(client, database)
  try {
    await cache.clear()
  } finally {
    await cache.close()
  }
}

/** A failure to connect to each of several addresses has a code, and nothing to say. */
function reasonOf(error: Error): string {
  return error.message || ('code' in error ? String(error.code) : error.name)
}
