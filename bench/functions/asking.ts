import type { Cacheable } from 'cacheable'
import { loadUser, type User } from '../values/origin.js'

/** Asks for a user, by a function whose results are kept. */
export type Ask = (id: string) => Promise<User>

/** Keeps the function that loads a user, under these tags, and perhaps in the Redis at this url. */
export type Make = (tags: readonly string[], url: string) => Ask

/** Who may answer with nothing always answers with something here. */
export function askOf(ask: (id: string) => Promise<User | null | undefined>): Ask {
  return ask as Ask
}

export function askCacheable(cache: Cacheable, tags: readonly string[]): Ask {
  if (tags.length === 0) return askOf(id => cache.getOrSet(id, () => loadUser(id), { ttl: '30m' }))
  // Its getOrSet() takes no tags.
  return async id => {
    const found = await cache.get<User>(id)
    if (found !== undefined) return found
    const user = await loadUser(id)
    await cache.set(id, user, { ttl: '30m', tags: [...tags] })
    return user
  }
}
