import { Scope } from '../scope/scope.js'
import type { Engine } from './engine.js'
import { refuseRecursion } from './recursion.js'
import type { Lead } from './visit.js'

/**
 * The right to load the key whatever there is. Nothing that was loaded before takes its place, and what it brings takes the place of all.
 * @returns `undefined` if nothing is kept: the cache is closed, or the store gives no such right
 * @throws {StoreError}; {CacheError} `ERR_CACHE_RECURSION` inside a load of the key
 */
export async function claim(engine: Engine, key: string, tags: readonly string[]): Promise<Lead | undefined> {
  const { scopes, flights, door, clock } = engine
  const scope = new Scope(tags, scopes.current)
  while (!engine.closed) {
    refuseRecursion(scopes, flights.find(key))
    const { position, journal, lease, busy } = await door.readToReplace(key)
    if (lease !== undefined) {
      const flight = flights.open(key, scope.tags)
      return { flight, position, journal, lease, scope, begunAt: clock.monotonic(), supersedes: true, because: 'refresh' }
    }
    if (busy === undefined) return undefined
    await busy
  }
  return undefined
}
