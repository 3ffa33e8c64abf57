import type { Cache, CacheEvents } from 'smart-cache'

/** The next event of this name. Ask before doing what brings it about. */
export function nextSignal<Name extends keyof CacheEvents>(cache: Cache, name: Name): Promise<CacheEvents[Name]> {
  return new Promise(resolve => {
    const off = cache.on(name, event => {
      off()
      resolve(event)
    })
  })
}

/** Every event of these names from now on, in order, as `name key`. */
export function signalsOf(cache: Cache, ...names: readonly Exclude<keyof CacheEvents, 'purge'>[]): readonly string[] {
  const heard: string[] = []
  for (const name of names) cache.on(name, (event: { readonly key: string }) => void heard.push(`${name} ${event.key}`))
  return heard
}
