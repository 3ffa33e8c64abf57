import { LRUCache } from 'lru-cache'
import { loadUser, type User } from './origin.js'

export const HALF_AN_HOUR_MS = 1_800_000
/** Room for all that is asked. */
export const ENTRIES = 100_000

/** What one would write oneself: the baseline. */
export function byHand(): (id: string) => Promise<User> {
  const kept = new LRUCache<string, User>({ max: ENTRIES, ttl: HALF_AN_HOUR_MS })
  return async id => {
    const found = kept.get(id)
    if (found !== undefined) return found
    const user = await loadUser(id)
    kept.set(id, user)
    return user
  }
}
