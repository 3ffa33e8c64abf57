import { CacheError } from '../errors.js'
import { checkName, namespacePrefix } from '../keys/names.js'
import type { Engine } from './engine.js'
import { resolvePolicy, type Policy, type PolicyOptions } from './policy.js'
import { purgesFor, type InvalidateOptions, type Target } from './targets.js'

/** One namespace of an engine: what every face works in. Keys and tags of its callers become full names here. */
export class Space {
  readonly engine: Engine
  /** What the full names of the namespace begin with; nothing at the root. */
  readonly prefix: string
  readonly #path: readonly string[]

  /** @throws {KeyError} for a segment that cannot be */
  constructor(engine: Engine, path: readonly string[]) {
    this.engine = engine
    this.prefix = namespacePrefix(path)
    this.#path = path
  }

  /** The namespace inside this one. @throws {KeyError} for a name that cannot be */
  inner(name: string): Space {
    return new Space(this.engine, [...this.#path, name])
  }

  /** @throws {KeyError} for a key that cannot be */
  name(key: string): string {
    checkName(key, 'key')
    return this.prefix === '' ? key : this.prefix + key
  }

  /** @throws {ConfigError} or {KeyError} for an option that cannot be */
  policy(options: PolicyOptions | undefined, door: string): Policy {
    return this.within(resolvePolicy(options, door))
  }

  /** The policy with the full names of its tags. */
  within(policy: Policy): Policy {
    return this.prefix === '' ? policy : { ...policy, tags: policy.tags.map(tag => this.prefix + tag) }
  }

  /** @throws {StoreError}, {ConfigError}, {KeyError}; {CacheError} if the cache is closed */
  async purge(target: Target, { soft = false, wait = true, permanent = false }: InvalidateOptions = {}): Promise<void> {
    this.assertOpen()
    await this.engine.purge(purgesFor(target, { within: this.prefix, soft, permanent, at: this.engine.clock.now() }), { wait })
  }

  /** Ends everything in the namespace and in those inside it. */
  async clear(): Promise<void> {
    this.assertOpen()
    const at = this.engine.clock.now()
    const prefixes = this.#path.length === 0 ? [''] : [this.prefix, this.prefix.replace(/:$/, '/')]
    await this.engine.purge(prefixes.map(name => ({ kind: 'prefix', name, soft: false, at })))
  }

  /** @throws {CacheError} */
  assertOpen(): void {
    if (this.engine.closed) throw new CacheError('ERR_CACHE_CLOSED', 'The cache is closed')
  }
}
