import { ConfigError, shown } from '../errors.js'
import type { Purge } from '../journal/purge.js'
import { fragmentTag } from '../keys/fragment.js'
import { labelKey, labelTag, type NamedArguments } from '../keys/label.js'
import { checkName } from '../keys/names.js'
import { checkTable, permanentTag, tableTag } from '../keys/table.js'
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
  /** What was read from the table of a database whose queries are kept, and whatever was made of that. */
  | { readonly table: string }
  /** The fragments of this name, all of them, and whatever was made of them. */
  | { readonly fragment: string }
  /** What was loaded under a label; with `args` for this argument set alone. */
  | { readonly label: string; readonly args?: NamedArguments }

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
  /**
   * Of tags and tables: end also what was kept to outlive the purges that writes bring about.
   * @default false
   */
  readonly permanent?: boolean
  /** Why, in a few words: said in the event `purge`, in logs and in reports. */
  readonly why?: string
}

const FORMS = '{ key }, { keys }, { prefix }, { pattern }, { url }, { table }, { fragment } or { label, args }'

/**
 * The purges that a target means in the namespace with this prefix.
 * @throws {ConfigError} for an unknown form; {KeyError} for a name that cannot be
 */
export function purgesFor(
  target: Target,
  { within, soft, permanent, at }: { readonly within: string; readonly soft: boolean; readonly permanent: boolean; readonly at: number },
): readonly Purge[] {
  const tagged = (tags: readonly string[]): readonly Purge[] =>
    tags.flatMap(tag => (permanent ? [tag, permanentTag(tag)] : [tag])).map(tag => ({ kind: 'tag', name: within + tag, soft, at }))
  const purge = (kind: Purge['kind'], name: unknown): Purge => {
    checkName(name, kind)
    return kind === 'pattern' ? { kind, name, within, soft, at } : { kind, name: within + name, soft, at }
  }
  if (typeof target === 'string' || Array.isArray(target))
    return tagged([target].flat().map((tag: unknown) => (checkName(tag, 'tag'), tag)))
  if (isLabelled(target)) {
    checkName(target.label, 'key')
    return target.args === undefined ? tagged([labelTag(target.label)]) : [purge('key', labelKey(target.label, target.args))]
  }
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
      return tagged(urlTags(value))
    case 'fragment':
      return tagged([fragmentTag(value)])
    case 'table':
      checkTable(value)
      return tagged([tableTag(value)])
    default:
      throw new ConfigError(`Expected a tag, an array of tags, or one of ${FORMS} to invalidate, got ${described(target)}`)
  }
}

function isLabelled(target: unknown): target is { readonly label: string; readonly args?: NamedArguments } {
  return (
    typeof target === 'object' &&
    target !== null &&
    'label' in target &&
    Object.keys(target).every(name => name === 'label' || name === 'args')
  )
}

function described(target: unknown): string {
  if (typeof target !== 'object' || target === null || Array.isArray(target)) return shown(target)
  return `{ ${Object.keys(target).join(', ')} }`
}
