import { OWN } from '../keys/names.js'
import { matchesGlob } from './glob.js'

/** One record of the journal: what was purged. `hard` ends what it touches; `soft` makes it stale at `at` (epoch ms). */
export interface Purge {
  readonly kind: 'tag' | 'key' | 'prefix' | 'pattern'
  /** The tag, the key, or what keys begin with; of a pattern, the glob for the part of the key after `within`. */
  readonly name: string
  /** Of a pattern: the prefix of its namespace. The library's own keys in it are never matched. */
  readonly within?: string
  readonly soft: boolean
  readonly at: number
}

/** What a purge is compared with: an entry, or the little that is known of one while its load is in flight. */
export interface Subject {
  readonly key: string
  readonly tags: Iterable<string>
}

/** Does the purge touch the subject? */
export function touches(purge: Purge, subject: Subject): boolean {
  switch (purge.kind) {
    case 'tag':
      for (const tag of subject.tags) if (tag === purge.name) return true
      return false
    case 'key':
      return subject.key === purge.name
    case 'prefix':
      return subject.key.startsWith(purge.name)
    case 'pattern':
      return touchesPattern(purge.name, purge.within ?? '', subject.key)
  }
}

function touchesPattern(pattern: string, within: string, key: string): boolean {
  return key.startsWith(within) && !key.startsWith(OWN, within.length) && matchesGlob(pattern, key.slice(within.length))
}
