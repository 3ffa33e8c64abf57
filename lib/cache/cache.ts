import { CacheError, ConfigError, shown } from '../errors.js'
import type { Entry } from '../entries/entry.js'
import { handedOut, keepable, type Keepable } from '../entries/keepable.js'
import { checkName, namespacePrefix } from '../keys/names.js'
import { checkedOptions } from '../options.js'
import { Scope } from '../scope/scope.js'
import { Signals } from '../signals/signals.js'
import { memoryStore } from '../stores/memory-store.js'
import type { Store } from '../stores/store.js'
import { systemClock, type Clock } from '../time/clock.js'
import { Engine } from './engine.js'
import type { CacheEvents } from './events.js'
import { resolvePolicy, type Policy, type PolicyOptions } from './policy.js'
import type { Lead } from './visit.js'
import { purgesFor, type InvalidateOptions, type Target } from './targets.js'

export interface CacheOptions {
  /**
   * Where entries are kept. The cache closes it with itself.
   * @default memoryStore()
   */
  readonly store?: Store
  /**
   * Keys and tags of one namespace never meet those of another, though both live in one store: letters, digits, `.`, `_`, `-`.
   * @default the root
   */
  readonly namespace?: string
  /**
   * Where the time comes from.
   * @default the system's
   */
  readonly clock?: Clock
}

/**
 * A cache over a store; without options, in the memory of this process.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind
 * @example
 * const cache = createCache()
 * const tree = await cache.getOrSet('tree', loadTree, { ttl: '30m', tags: ['menu'] })
 * await cache.invalidate('menu')
 */
export function createCache(options?: CacheOptions): Cache {
  const { store, namespace, clock } = checkedOptions(options, 'createCache()', ['store', 'namespace', 'clock'])
  if (store !== undefined && !hasMethods(store, ['peek', 'read', 'fill', 'put', 'release', 'purge', 'watch', 'close'])) {
    throw new ConfigError(`Expected \`store\` to be a store such as memoryStore(), got ${shown(store)}`)
  }
  if (clock !== undefined && !hasMethods(clock, ['now', 'monotonic'])) {
    throw new ConfigError(`Expected \`clock\` to be a clock with now() and monotonic(), got ${shown(clock)}`)
  }
  const engine = new Engine((store as Store | undefined) ?? memoryStore(), (clock as Clock | undefined) ?? systemClock, new Signals())
  return new Cache(engine, namespace === undefined ? [] : [namespace as string])
}

function hasMethods(thing: unknown, names: readonly string[]): boolean {
  return typeof thing === 'object' && thing !== null && names.every(name => typeof (thing as Record<string, unknown>)[name] === 'function')
}

let insideOf: (cache: Cache) => { readonly engine: Engine; readonly prefix: string }

/** The engine behind a cache, and what the names of its namespace begin with. For the faces in this package. */
export function inside(cache: Cache): { readonly engine: Engine; readonly prefix: string } {
  return insideOf(cache)
}

/** Keeps what was expensive to get, by key, until it is old or purged. Made by `createCache`. */
export class Cache {
  readonly #engine: Engine
  readonly #path: readonly string[]
  readonly #prefix: string

  static {
    insideOf = cache => ({ engine: cache.#engine, prefix: cache.#prefix })
  }

  /** @internal */
  constructor(engine: Engine, path: readonly string[]) {
    this.#engine = engine
    this.#path = path
    this.#prefix = namespacePrefix(path)
  }

  /**
   * The value kept under `key`, or `undefined` if there is none that is fresh. Plain data comes frozen; Date, Map, Set, Buffer and typed
   * arrays come as a copy of your own. A kept `undefined` cannot be told from an absent one here.
   * @throws {KeyError} for a key that cannot be; {StoreError} if the store fails
   */
  async get<T = unknown>(key: string): Promise<T | undefined> {
    const name = this.#name(key)
    const entry = this.#engine.hit(name) ?? (await this.#engine.find(name))
    return entry && (valueOf(entry) as T)
  }

  /**
   * Keeps a copy of `value` under `key`. A load of the same key that is under way is answered, but not kept over it.
   * @throws {CodecError} for a value that could not come back as it was, {KeyError}, {ConfigError}; {StoreError} if the store fails
   */
  async set(key: string, value: unknown, options?: PolicyOptions): Promise<void> {
    const policy = this.#policy(options, 'set()')
    this.#assertOpen()
    await this.#engine.put(this.#name(key), keepable(value), policy)
  }

  /**
   * The value kept under `key`, or else what `loader` brings, kept. However many ask at once, one loads; all get its value, or its error,
   * which is not kept. What the loader reads through this cache hands on its tags and its lifetime. A value that cannot be kept is
   * returned as it is, and announced by the signal `error`.
   * @throws what the loader throws; {KeyError}, {ConfigError}
   */
  async getOrSet<T>(key: string, loader: () => T | Promise<T>, options?: PolicyOptions): Promise<T> {
    const name = this.#name(key)
    const entry = this.#engine.hit(name)
    if (entry !== undefined) return valueOf(entry) as T
    return (await this.#load(name, loader, this.#policy(options, 'getOrSet()'))) as T
  }

  /**
   * Ends the entry under `key`; a load of it under way is not kept.
   * @returns whether there was a fresh one
   */
  async delete(key: string): Promise<boolean> {
    const there = (await this.#engine.find(this.#name(key))) !== undefined
    await this.invalidate({ key })
    return there
  }

  /**
   * Purges. Once it has resolved, nothing that is asked for later, through any face, is answered with or made of data older than this call.
   * By tag or URL that includes whatever was made of the entries, for tags are handed on; by key, prefix or pattern it is the entries under
   * those keys alone.
   * Work in flight is answered for those who asked before, and not kept. Costs the same however many entries it touches.
   * @throws {StoreError} if that cannot be said; {ConfigError} or {KeyError} for a target that cannot be
   */
  async invalidate(target: Target, options?: InvalidateOptions): Promise<void> {
    const { soft = false, wait = true } = checkedOptions(options, 'invalidate()', ['soft', 'wait'])
    if (typeof soft !== 'boolean') throw new ConfigError(`Expected \`soft\` to be true or false, got ${shown(soft)}`)
    if (typeof wait !== 'boolean') throw new ConfigError(`Expected \`wait\` to be true or false, got ${shown(wait)}`)
    this.#assertOpen()
    await this.#engine.purge(purgesFor(target, this.#prefix, soft, this.#engine.clock.now()), { wait })
  }

  /** Ends every entry of this namespace and of those inside it, with the same promise as `invalidate`. */
  async clear(): Promise<void> {
    this.#assertOpen()
    const at = this.#engine.clock.now()
    const prefixes = this.#path.length === 0 ? [''] : [this.#prefix, this.#prefix.replace(/:$/, '/')]
    await this.#engine.purge(prefixes.map(name => ({ kind: 'prefix', name, soft: false, at })))
  }

  /**
   * A cache for a part of the keys, in the same store: neither keys nor tags meet those outside it.
   * @throws {KeyError} for a name with other than letters, digits, `.`, `_`, `-`
   */
  namespace(name: string): Cache {
    return new Cache(this.#engine, [...this.#path, name])
  }

  /** Calls `listener` at each signal, of every namespace, until the returned function is called. */
  on<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): () => void {
    return this.#engine.signals.on(name, listener)
  }

  off<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): void {
    this.#engine.signals.off(name, listener)
  }

  /** Closes the store, for all namespaces. Afterwards loaders still load, and nothing is kept; a purge or `set` is refused. */
  async close(): Promise<void> {
    await this.#engine.close()
  }

  #name(key: string): string {
    checkName(key, 'key')
    return this.#prefix === '' ? key : this.#prefix + key
  }

  #policy(options: PolicyOptions | undefined, door: string): Policy {
    const policy = resolvePolicy(options, door)
    return this.#prefix === '' ? policy : { ...policy, tags: policy.tags.map(tag => this.#prefix + tag) }
  }

  #assertOpen(): void {
    if (this.#engine.closed) throw new CacheError('ERR_CACHE_CLOSED', 'The cache is closed')
  }

  async #load(name: string, loader: () => unknown, policy: Policy): Promise<unknown> {
    const visit = await this.#engine.visit(name, policy.tags)
    switch (visit.state) {
      case 'fresh':
      case 'collapsed':
        return valueOf(visit.entry)
      case 'stale':
        if (visit.lead !== undefined) void this.#refresh(visit.lead, loader, policy)
        return valueOf(visit.entry)
      case 'miss':
        return this.#lead(visit.lead, loader, policy, visit.spare)
      case 'failed':
        throw visit.error
      case 'alone':
        return this.#loadAlone(loader, policy)
    }
  }

  async #lead(lead: Lead, loader: () => unknown, policy: Policy, spare: Entry | undefined): Promise<unknown> {
    let value: unknown
    try {
      value = await this.#engine.scopes.run(lead.scope, async () => loader())
    } catch (error) {
      await this.#engine.fail(lead, error, spare)
      if (spare === undefined) throw error
      this.#engine.servedInstead(spare, error)
      return valueOf(spare)
    }
    const content = await this.#keepable(lead, value, policy)
    return content === undefined ? value : valueOf(await this.#engine.keep(lead, content, policy))
  }

  async #refresh(lead: Lead, loader: () => unknown, policy: Policy): Promise<void> {
    try {
      await this.#lead(lead, loader, policy, undefined)
    } catch (error) {
      this.#engine.announce.error('refresh', lead.flight.key, error)
    }
  }

  async #loadAlone(loader: () => unknown, policy: Policy): Promise<unknown> {
    const scope = new Scope(policy.tags)
    try {
      return await this.#engine.scopes.run(scope, async () => loader())
    } finally {
      this.#engine.inheritUnkept(scope, policy)
      this.#engine.scopes.close(scope)
    }
  }

  /** The value made ready to be kept; of one that cannot be, an announcement, and the lead ends without a share for anybody. */
  async #keepable(lead: Lead, value: unknown, policy: Policy): Promise<Keepable | undefined> {
    try {
      return keepable(value)
    } catch (error) {
      this.#engine.announce.error('keep', lead.flight.key, error)
      this.#engine.inheritUnkept(lead.scope, policy)
      await this.#engine.unshare(lead, 'unkeepable')
      return undefined
    }
  }
}

function valueOf(entry: Entry): unknown {
  return entry.shareable ? entry.value : handedOut(entry.value)
}
