import { AsyncLocalStorage } from 'node:async_hooks'
import type { Cache, Target } from 'smart-cache'

/** How an application uses its cache. */
export interface Use {
  value<T>(key: string, load: () => Promise<T>, tags?: readonly string[]): Promise<T>
  /** After a COMMIT. */
  purge(target: Target): Promise<void>
}

/** As it is meant, and as it is often done: those are what the checker has to find fault with. */
export const MANNERS = {
  'as documented': cache => ({
    value: (key, load, tags = []) => cache.getOrSet(key, load, { ttl: '1m', tags }),
    purge: target => cache.invalidate(target),
  }),
  /** Their answers are kept ready made. */
  'as functions': cache => {
    const loads = new AsyncLocalStorage<() => Promise<unknown>>()
    const load = async (_id: number) => loads.getStore()?.()
    const functions: Readonly<Record<string, (id: number) => Promise<unknown>>> = {
      row: cache.cached(load, { key: 'row:{0}', ttl: '1m', tags: id => [`row:${id}`, 'rows'] }),
      page: cache.cached(load, { key: 'page:{0}', ttl: '1m' }),
    }
    return {
      value: async <T>(key: string, own: () => Promise<T>) => {
        const [kind = '', id] = key.split(':')
        return loads.run(own, async () => functions[kind]?.(Number(id))) as Promise<T>
      },
      purge: target => cache.invalidate(target),
    }
  },
  /** The purge is sent to other processes, and nobody waits for them. */
  'without waiting': cache => ({
    value: (key, load, tags = []) => cache.getOrSet(key, load, { ttl: '1m', tags }),
    purge: target => cache.invalidate(target, { wait: false }),
  }),
  /** What was loaded is kept, whatever was purged meanwhile. */
  'cache-aside': cache => ({
    async value<T>(key: string, load: () => Promise<T>, tags: readonly string[] = []) {
      const kept = await cache.get<T>(key)
      if (kept !== undefined) return kept
      const value = await load()
      await cache.set(key, value, { ttl: '1m', tags })
      return value
    },
    purge: target => cache.invalidate(target),
  }),
} as const satisfies Readonly<Record<string, (cache: Cache) => Use>>

export type Manner = keyof typeof MANNERS
