import { BentoCache, bentostore } from 'bentocache'
import { redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import { createCache, type Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'

/** Asks for a page by its key; `load` makes it, where there is none. */
export type Read = (key: string, load: () => Promise<Buffer>) => unknown

/** The ways to read by name. Each opens a part of Redis of its own. */
export const readers: Readonly<Record<string, (url: string) => Read>> = {
  getBuffer: url => {
    const client = new Redis(url)
    return async (key, load) => (await client.getBuffer(`bare:${key}`)) ?? keep(client, `bare:${key}`, await load())
  },
  script: url => {
    const client = new Redis(url)
    client.defineCommand('fetch', { numberOfKeys: 1, lua: `return redis.call('GET', KEYS[1])` })
    const { fetchBuffer } = client as unknown as { fetchBuffer(key: string): Promise<Buffer | null> }
    return async (key, load) => (await fetchBuffer.call(client, `script:${key}`)) ?? keep(client, `script:${key}`, await load())
  },
  'smart-cache': url => reading(far(url, 'plain')),
  'smart-cache, tag': url => reading(far(url, 'tagged'), ['pages']),
  bentocache: url => {
    const driver = redisDriver({ connection: new Redis(url) })
    const cache = new BentoCache({ default: 'redis', stores: { redis: bentostore().useL2Layer(driver) } })
    // It keeps JSON.
    return (key, load) => cache.getOrSet({ key, factory: async () => (await load()).toString('latin1'), ttl: '30m' })
  },
  memory: () => reading(createCache()),
  near: url => reading(createCache({ store: redisStore({ client: new Redis(url), prefix: 'near' }) })),
}

function far(url: string, prefix: string): Cache {
  return createCache({ store: redisStore({ client: new Redis(url), prefix, near: false }) })
}

function reading(cache: Cache, tags: readonly string[] = []): Read {
  return (key, load) => cache.getOrSet(key, load, { ttl: '30m', tags })
}

async function keep(client: Redis, key: string, page: Buffer): Promise<Buffer> {
  await client.set(key, page)
  return page
}
