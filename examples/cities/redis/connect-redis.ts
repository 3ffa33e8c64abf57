import { Redis } from 'ioredis'

const OPTIONS = {
  lazyConnect: true,
  connectTimeout: 2_000,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  // How long a connection that is gone already holds up the end of the process.
  disconnectTimeout: 100,
} as const

export interface RedisListeners {
  /** Called each time that connecting has failed. */
  readonly onError: (error: Error) => void
  /** Called each time that Redis is there to be asked. */
  readonly onReady?: (client: Redis) => void
}

/**
 * A client that never keeps a visitor waiting: what cannot be asked now fails now, and it goes on connecting behind everybody's back.
 * Resolves after the first attempt, however that ended. Throws a sentence about an address that cannot be one.
 */
export async function connectRedis(url: string, { onError, onReady }: RedisListeners): Promise<Redis> {
  const client = newClient(url)
  client.on('error', onError)
  if (onReady) client.on('ready', () => onReady(client))
  // Why it failed has been told to `onError`.
  await client.connect().catch(() => undefined)
  return client
}

function newClient(url: string): Redis {
  try {
    return new Redis(url, OPTIONS)
  } catch (error) {
    throw new Error('Expected --redis to be an address such as redis://127.0.0.1:6379.', { cause: error })
  }
}
