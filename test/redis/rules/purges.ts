import type { Cache, Target } from 'smart-cache'

/** Every kind of purge, each of which touches the key `k` with the tag `t`. */
export const PURGES: Readonly<Record<string, (cache: Cache) => Promise<void>>> = {
  'a tag': of('t'),
  'several tags': of(['other', 't']),
  'a key': of({ key: 'k' }),
  'a prefix': of({ prefix: 'k' }),
  'a pattern': of({ pattern: '*k*' }),
  everything: cache => cache.clear(),
}

export const POLICY = { tags: ['t'] }

function of(target: Target): (cache: Cache) => Promise<void> {
  return cache => cache.invalidate(target)
}
