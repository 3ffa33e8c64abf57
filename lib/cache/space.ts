import { CacheError } from '../errors.js'
import { checkName, namespacePrefix, versionSuffix } from '../keys/names.js'
import type { Engine } from './engine.js'
import { checkedTags, type Policy } from './policy.js'
import { purgesFor, type InvalidateOptions, type Target } from './targets.js'
import { resolveValuePolicy, type ValuePolicy, type ValuePolicyOptions } from './value-policy.js'

/** One namespace of an engine: what every face works in. Keys and tags of its callers become full names here. */
export class Space {
  readonly engine: Engine
  /** What the full names of the namespace begin with; nothing at the root. */
  readonly prefix: string
  readonly version: string | number | undefined

  private constructor(engine: Engine, prefix: string, version: string | number | undefined) {
    this.engine = engine
    this.prefix = prefix
    this.version = version
  }

  static root(engine: Engine): Space {
    return new Space(engine, '', undefined)
  }

  /** The namespace inside this one. @throws {KeyError} for a name that cannot be; {ConfigError} for a version */
  inner(name: string, version?: unknown): Space {
    const own = namespacePrefix([name])
    const prefix = this.prefix === '' ? own : this.#within + own.slice(2)
    return new Space(this.engine, prefix.replace(/:$/, `${versionSuffix(version)}:`), version as string | number | undefined)
  }

  /** What the names of the namespaces inside this one begin with. */
  get #within(): string {
    return this.prefix.replace(/:$/, '/')
  }

  /** @throws {KeyError} for a key that cannot be */
  name(key: string): string {
    checkName(key, 'key')
    return this.prefix === '' ? key : this.prefix + key
  }

  /** @throws {ConfigError} or {KeyError} for an option that cannot be */
  policy(options: ValuePolicyOptions<never> | undefined, door: string): ValuePolicy {
    const resolved = resolveValuePolicy(options, door)
    return this.prefix === '' ? resolved : { ...resolved, policy: this.within(resolved.policy) }
  }

  /** The policy with these tags in place of its own. @throws {ConfigError} or {KeyError} for tags that cannot be */
  withTags(given: ValuePolicy, tags: unknown): ValuePolicy {
    return { ...given, policy: this.within({ ...given.policy, tags: checkedTags(tags) }) }
  }

  /** The policy with the full names of its tags. */
  within(policy: Policy): Policy {
    return this.prefix === '' ? policy : { ...policy, tags: policy.tags.map(tag => this.prefix + tag) }
  }

  /** @throws {StoreError}, {ConfigError}, {KeyError}; {CacheError} if the cache is closed */
  async purge(target: Target, { soft = false, wait = true, permanent = false, why }: InvalidateOptions = {}): Promise<void> {
    this.assertOpen()
    await this.engine.purge(purgesFor(target, { within: this.prefix, soft, permanent, at: this.engine.clock.now() }), { wait }, why)
  }

  /** Ends everything in the namespace and in those inside it. */
  async clear(): Promise<void> {
    this.assertOpen()
    const at = this.engine.clock.now()
    const prefixes = this.prefix === '' ? [''] : [this.prefix, this.#within]
    await this.engine.purge(
      prefixes.map(name => ({ kind: 'prefix', name, soft: false, at })),
      { wait: true },
      'clear()',
    )
  }

  /** @throws {CacheError} */
  assertOpen(): void {
    if (this.engine.closed) throw new CacheError('ERR_CACHE_CLOSED', 'The cache is closed')
  }
}
