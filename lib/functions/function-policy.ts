import type { Space } from '../cache/space.js'
import { VALUE_POLICY_OPTIONS, resolveValuePolicy, type ValuePolicy, type ValuePolicyOptions } from '../cache/value-policy.js'
import { ConfigError, KeyError, shown } from '../errors.js'
import { canonical } from '../keys/canonical.js'
import { keyTemplate, type KeyMaker } from '../keys/key-template.js'
import { versionSuffix } from '../keys/names.js'
import { checkedOptions, functionOf } from '../options.js'

/** How the results of a function are kept. `Args` are its parameters, `Value` is what its promise brings. */
export interface FunctionPolicyOptions<Args extends readonly unknown[], Value> extends Omit<ValuePolicyOptions<Value>, 'tags'> {
  /** Names to purge by, or a function that makes them of the arguments. */
  readonly tags?: readonly string[] | ((...args: Args) => readonly string[])
  /**
   * What keys are made of: a template, `'user:{0.id}:profile'`, or `'user:{id}:profile'` of one object argument, or a function of the arguments.
   * @default name and arguments, `'profile(7)'`
   */
  readonly key?: string | ((...args: Args) => string)
  /**
   * What the keys begin with if there is no `key`: no two functions of a cache may have the same.
   * @default the function's own
   */
  readonly name?: string
  /** A part of the key: raise it, and what was kept before is gone. */
  readonly version?: string | number
  /**
   * Loads for several calls at once, for `many`: the results in the order of the calls, and an Error in the place of one that failed.
   * @default the function, called for each
   */
  readonly loadMany?: (calls: readonly Args[]) => PromiseLike<readonly (Value | Error)[]> | readonly (Value | Error)[]
}

export const FUNCTION_OPTIONS = [...VALUE_POLICY_OPTIONS, 'key', 'name', 'version', 'loadMany']

/** A function's policy as it is used: checked and complete. */
export interface FunctionPolicy {
  /** The key of a call's entry. @throws {KeyError} */
  readonly keyOf: KeyMaker
  /** Whether equal single arguments always make equal keys, and cost something to be made one. */
  readonly keyed: boolean
  /** Whether what is found has to be looked at before it is served. */
  readonly checked: boolean
  /** The share of its time after which a hit may refresh an entry; 1 for never. */
  readonly refreshAhead: number
  /** @throws what `tags` throws; {KeyError} */
  readonly policyOf: (args: readonly unknown[]) => ValuePolicy
  readonly loadMany: ((calls: readonly (readonly unknown[])[]) => unknown) | undefined
}

type Anonymous = (...args: readonly unknown[]) => unknown

/**
 * @param named the name of the function itself, which may be empty
 * @param claimed called with the name if keys are made of it
 * @throws {ConfigError} for a name or value that cannot be; {KeyError} for a tag that cannot be
 */
export function resolveFunctionPolicy(
  given: FunctionPolicyOptions<never, never> | undefined,
  space: Space,
  named: string,
  claimed: (name: string) => void,
): FunctionPolicy {
  const { key, name, version, loadMany, tags, ...rest } = checkedOptions(given, 'cached()', FUNCTION_OPTIONS)
  const counted = name ?? (typeof key === 'string' ? key : named || undefined)
  const values = resolveValuePolicy(rest, 'cached()')
  const resolved = { ...values, policy: { ...values.policy, name: counted as string | undefined } }
  const suffix = versionSuffix(version)
  const { keyOf, keyed } = keyMaker(key, suffix, () => checkedName(name ?? named), claimed)
  const fixed = typeof tags === 'function' ? undefined : space.withTags(resolved, tags)
  return {
    keyOf,
    keyed,
    checked: resolved.schema !== undefined,
    refreshAhead: resolved.policy.refreshAhead,
    policyOf: args => fixed ?? space.withTags(resolved, (tags as Anonymous)(...args)),
    loadMany: functionOf(loadMany, 'loadMany') as FunctionPolicy['loadMany'],
  }
}

function keyMaker(
  key: unknown,
  suffix: string,
  name: () => string,
  claimed: (name: string) => void,
): { readonly keyOf: KeyMaker; readonly keyed: boolean } {
  if (typeof key === 'function') {
    return {
      keyOf: (receiver, args) => `${checkedKey(Reflect.apply(key, receiver, args))}${suffix}`,
      keyed: false,
    }
  }
  if (typeof key === 'string') {
    const { keyOf, ofArguments } = keyTemplate(key)
    return { keyOf: (receiver, args) => keyOf(receiver, args) + suffix, keyed: ofArguments }
  }
  if (key !== undefined) throw new ConfigError(`Expected \`key\` to be a template or a function, got ${shown(key)}`)
  const begin = name() + suffix
  claimed(begin)
  return { keyOf: (_, args) => `${begin}(${args.map(canonical).join()})`, keyed: true }
}

function checkedKey(key: unknown): string {
  if (typeof key === 'string') return key
  throw new KeyError(`Expected \`key\` to return a string, got ${shown(key)}`)
}

function checkedName(name: unknown): string {
  if (name === '' || name === undefined) {
    throw new ConfigError('A function without a name cannot be kept by its name: give it a `name` or a `key`')
  }
  if (typeof name === 'string' && name.length <= 200 && /^[\p{L}\p{N}_$#.][\p{L}\p{N}_$#.: /-]*$/u.test(name)) return name
  throw new ConfigError(`Expected the \`name\` of a function to be letters, digits and any of "_$#.: /-", got ${shown(name)}`)
}
