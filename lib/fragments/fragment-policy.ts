import { POLICY_OPTIONS, type PolicyOptions } from '../cache/policy.js'
import type { Space } from '../cache/space.js'
import { resolveValuePolicy, type ValuePolicy } from '../cache/value-policy.js'
import { ConfigError, shown } from '../errors.js'
import { fragmentKey, fragmentTag } from '../keys/fragment.js'
import { keyTemplate } from '../keys/key-template.js'
import { checkedOptions } from '../options.js'
import { isFillable, withoutHoles, type Rendered } from './holed-fragment.js'
import { templateDigest } from './template-digest.js'

/** What fragments of a list and single ones have in common. */
interface CommonOptions extends Omit<PolicyOptions, 'tags'> {
  /** Whether to keep what was rendered. */
  readonly when?: (rendered: Rendered) => boolean
  /**
   * Outlives purges by tag, table, URL and signal: it ends with its ttl, or with `invalidate(tag, { permanent: true })`.
   * @default false
   */
  readonly permanent?: boolean
  /** A part of the key: raise it, and what was kept before is gone. */
  readonly version?: string | number
  /**
   * The text of the template that is rendered, or texts if there are several: a part of the key, as a digest, so that a program with another
   * template does not find what this one has kept.
   * @default the text of the function that renders
   */
  readonly template?: string | readonly string[]
}

/** How a fragment is kept. */
export interface FragmentOptions extends CommonOptions {
  /** What one differs by from others of its name: plain data. */
  readonly vary?: readonly unknown[]
  /** Names to purge by, besides `{ fragment: name }`. */
  readonly tags?: readonly string[]
}

/** How the fragments of a list are kept, one for each item. */
export interface FragmentsOptions<Item> extends CommonOptions {
  /**
   * What tells items apart: a template, `'{id}'`, or a function that makes plain data of the item.
   * @default the whole item, which has to be plain data
   */
  readonly key?: string | ((item: Item) => unknown)
  /** What they differ by besides, or a function that makes that of the item. */
  readonly vary?: readonly unknown[] | ((item: Item) => readonly unknown[])
  /** Names to purge by, besides `{ fragment: name }`, or a function that makes them of the item. */
  readonly tags?: readonly string[] | ((item: Item) => readonly string[])
}

const COMMON = [...POLICY_OPTIONS, 'when', 'permanent', 'version', 'template', 'vary']

/** How fragments of one name are kept; `item` is that of a list, if they are in one. */
export interface FragmentPolicy {
  readonly name: string
  /** Whether a hit may have it rendered anew. */
  readonly refreshesAhead: boolean
  /** Its full key. @throws {KeyError} */
  readonly keyOf: (item?: unknown) => string
  /** Checked when something has to be rendered. @throws {ConfigError}, {KeyError} */
  readonly policyOf: (item?: unknown) => ValuePolicy
}

/** @param ofItems whether each item of a list has a fragment of its own */
export function fragmentPolicy(
  space: Space,
  name: string,
  options: FragmentOptions | FragmentsOptions<never> | undefined,
  render: unknown,
  ofItems: boolean,
): FragmentPolicy {
  const door = ofItems ? 'fragments()' : 'fragment()'
  if (typeof render !== 'function') throw new ConfigError(`Expected ${door} to have a function that renders, got ${shown(render)}`)
  const { version, vary, tags, template = String(render), key, refreshAhead } = Object(options) as FragmentsOptions<unknown>
  const digest = templateDigest(typeof template === 'string' ? template : JSON.stringify(template))
  const identityOf = ofItems ? identifier(key) : () => []
  let checked: ValuePolicy | undefined
  const resolved = () => (checked ??= resolvedPolicy(options, door, ofItems))
  const tagged = (names: unknown): ValuePolicy => {
    const own = resolved()
    const { when } = own
    const { policy } = space.withTags(own, names)
    return {
      ...own,
      when: when && (kept => when(withoutHoles(kept))),
      accepts: ({ value }) => isFillable(space, value),
      policy: { ...policy, tags: [...policy.tags, space.prefix + fragmentTag(name)] },
    }
  }
  let common: ValuePolicy | undefined
  return {
    name,
    refreshesAhead: refreshAhead !== undefined,
    keyOf: item => space.prefix + fragmentKey(name, version, digest, [...identityOf(item), ...listed(vary, item)]),
    policyOf: item => (ofItems && typeof tags === 'function' ? tagged(tags(item)) : (common ??= tagged(tags))),
  }
}

function resolvedPolicy(options: unknown, door: string, ofItems: boolean): ValuePolicy {
  const {
    version: _version,
    vary,
    template,
    key: _key,
    tags,
    ...rest
  } = checkedOptions(options, door, ofItems ? [...COMMON, 'key'] : COMMON)
  if (!ofItems) for (const [name, given] of Object.entries({ vary, tags })) checkList(given, name)
  const texts = [template ?? ''].flat()
  if (!texts.every(text => typeof text === 'string'))
    throw new ConfigError(`Expected \`template\` to be the text of one, or an array of texts, got ${shown(template)}`)
  return resolveValuePolicy(rest, door)
}

function listed(vary: unknown, item: unknown): readonly unknown[] {
  const list: unknown = typeof vary === 'function' ? vary(item) : vary
  checkList(list, 'vary')
  return list ?? []
}

function checkList(given: unknown, name: string): asserts given is readonly unknown[] | undefined {
  if (given !== undefined && !Array.isArray(given)) throw new ConfigError(`Expected \`${name}\` to be an array, got ${shown(given)}`)
}

function identifier(key: unknown): (item: unknown) => readonly unknown[] {
  if (key === undefined) return item => [item]
  if (typeof key === 'function') return item => [key(item) as unknown]
  if (typeof key !== 'string') throw new ConfigError(`Expected \`key\` to be a template or a function, got ${shown(key)}`)
  const { keyOf } = keyTemplate(key)
  return item => [keyOf(undefined, [item])]
}
