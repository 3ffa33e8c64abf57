import { ConfigError, shown } from '../errors.js'
import type { Purge } from '../journal/purge.js'
import { checkName } from '../keys/names.js'
import { urlTags } from '../keys/url.js'

/** What to purge: a tag, several tags, or one of the forms below. */
export type Target =
  | string
  | readonly string[]
  | { readonly key: string }
  | { readonly keys: readonly string[] }
  /** Every key that begins with this. */
  | { readonly prefix: string }
  /** Every key that matches, `*` standing for any run of characters: `'user:*:profile'`. */
  | { readonly pattern: string }
  /** The page at this path and query, on every host, in all its variants. Of an absolute URL only path and query count. */
  | { readonly url: string }

export interface InvalidateOptions {
  /**
   * Make stale instead of ending: entries with a grace are still served while they are refreshed.
   * @default false
   */
  readonly soft?: boolean
  /**
   * Resolve only once no process serves what was purged. `false` resolves as soon as the purge is written down: other processes follow within
   * moments, but nothing is promised about reads until then.
   * @default true
   */
  readonly wait?: boolean
}

const FORMS = '{ key }, { keys }, { prefix }, { pattern } or { url }'

/**
 * The purges that a target means in the namespace with this prefix.
 * @throws {ConfigError} for an unknown form; {KeyError} for a name that cannot be
 */
export function purgesFor(target: Target, within: string, soft: boolean, at: number): readonly Purge[] {
  const purge = (kind: Purge['kind'], name: unknown): Purge => {
    checkName(name, kind)
    return kind === 'pattern' ? { kind, name, within, soft, at } : { kind, name: within + name, soft, at }
  }
  if (typeof target === 'string') return [purge('tag', target)]
  if (Array.isArray(target)) return target.map(tag => purge('tag', tag))
  const forms = typeof target === 'object' && target !== null ? Object.entries(target as Record<string, unknown>) : []
  const [form, value] = forms.length === 1 ? (forms[0] ?? []) : []
  switch (form) {
    case 'key':
    case 'prefix':
    case 'pattern':
      return [purge(form, value)]
    case 'keys':
      if (Array.isArray(value)) return value.map(key => purge('key', key))
      throw new ConfigError(`Expected \`keys\` to be an array of strings, got ${shown(value)}`)
    case 'url':
      return urlTags(value).map(tag => ({ kind: 'tag', name: within + tag, soft, at }))
    default:
      throw new ConfigError(`Expected a tag, an array of tags, or one of ${FORMS} to invalidate, got ${described(target)}`)
  }
}

function described(target: unknown): string {
  if (typeof target !== 'object' || target === null || Array.isArray(target)) return shown(target)
  return `{ ${Object.keys(target).join(', ')} }`
}
