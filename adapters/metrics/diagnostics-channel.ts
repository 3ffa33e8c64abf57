import { channel } from 'node:diagnostics_channel'
import type { CacheEvents } from '../../lib/cache/events.js'
import { checkedCache, type Cache } from '../../lib/caches/cache.js'

/** Not `hit`: an event for each costs more than the hit. `hits` has them all. */
const EVENTS = ['hits', 'miss', 'stale', 'collapsed', 'bypass', 'fill', 'refuse', 'fail', 'purge', 'evict', 'error'] as const

/**
 * Publishes what a cache announces on channels of `node:diagnostics_channel`: `smart-cache:hits`, `smart-cache:miss` and so on. The messages are the events of
 * `cache.on`, with their keys.
 * @returns what ends it
 * @throws {ConfigError} for what is no cache
 * @example
 * diagnosticsChannel(cache)
 * subscribe('smart-cache:purge', ({ name, why }) => log.info({ name, why }, 'purged'))
 */
export function diagnosticsChannel(cache: Cache): () => void {
  checkedCache(cache)
  const offs = EVENTS.map(name => {
    const published = channel(`smart-cache:${name}`)
    return cache.on(name, (event: CacheEvents[typeof name]) => published.publish(event))
  })
  return () => {
    for (const off of offs) off()
  }
}
