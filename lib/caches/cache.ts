import { Engine } from '../cache/engine.js'
import type { CacheEvents } from '../cache/events.js'
import { load, valueOf } from '../cache/load.js'
import type { PolicyOptions } from '../cache/policy.js'
import { Space } from '../cache/space.js'
import type { InvalidateOptions, Target } from '../cache/targets.js'
import { keepable } from '../entries/keepable.js'
import { ConfigError, shown } from '../errors.js'
import { checkedOptions } from '../options.js'
import { ModelSignals, type AnyRow, type HeardChange } from '../signals/model-signals.js'
import { announcing, type Announcing, type Conventional, type RepositoryOptions } from '../signals/repository.js'
import { Signals } from '../signals/signals.js'
import { memoryStore } from '../stores/memory-store.js'
import type { Store } from '../stores/store.js'
import { systemClock, type Clock } from '../time/clock.js'

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
  return new Cache(new Space(engine, namespace === undefined ? [] : [namespace as string]), new ModelSignals())
}

function hasMethods(thing: unknown, names: readonly string[]): boolean {
  return typeof thing === 'object' && thing !== null && names.every(name => typeof (thing as Record<string, unknown>)[name] === 'function')
}

let insideOf: (cache: Cache) => Space

/** The namespace that a cache is of, and with it the engine. For the faces in this package. */
export function inside(cache: Cache): Space {
  return insideOf(cache)
}

/** @throws {ConfigError} for anything else than a cache */
export function checkedCache(given: unknown): Cache {
  if (given instanceof Cache) return given
  throw new ConfigError(`Expected \`cache\` to be made by createCache(), got ${shown(given)}`)
}

/** Keeps what was expensive to get, by key, until it is old or purged. Made by `createCache`. */
export class Cache {
  /** Announcements that data have changed: raise them where you write, listen to them where something was made of the data. */
  readonly signals: ModelSignals
  readonly #space: Space

  static {
    insideOf = cache => cache.#space
  }

  /** @internal */
  constructor(space: Space, signals: ModelSignals) {
    this.#space = space
    this.signals = signals
  }

  /**
   * The value kept under `key`, or `undefined` if there is none that is fresh. Plain data comes frozen; Date, Map, Set, Buffer and typed
   * arrays come as a copy of your own. A kept `undefined` cannot be told from an absent one here.
   * @throws {KeyError} for a key that cannot be; {StoreError} if the store fails
   */
  async get<T = unknown>(key: string): Promise<T | undefined> {
    const { engine } = this.#space
    const name = this.#space.name(key)
    const entry = engine.hit(name) ?? (await engine.find(name))
    return entry && (valueOf(entry) as T)
  }

  /**
   * Keeps a copy of `value` under `key`. A load of the same key that is under way is answered, but not kept over it.
   * @throws {CodecError} for a value that could not come back as it was, {KeyError}, {ConfigError}; {StoreError} if the store fails
   */
  async set(key: string, value: unknown, options?: PolicyOptions): Promise<void> {
    const policy = this.#space.policy(options, 'set()')
    this.#space.assertOpen()
    await this.#space.engine.put(this.#space.name(key), keepable(value), policy)
  }

  /**
   * The value kept under `key`, or else what `loader` brings, kept. However many ask at once, one loads; all get its value, or its error,
   * which is not kept. What the loader reads through this cache hands on its tags and its lifetime. A value that cannot be kept is
   * returned as it is, and announced by the signal `error`.
   * @throws what the loader throws; {KeyError}, {ConfigError}
   */
  async getOrSet<T>(key: string, loader: () => T | Promise<T>, options?: PolicyOptions): Promise<T> {
    const { engine } = this.#space
    const name = this.#space.name(key)
    const entry = engine.hit(name)
    if (entry !== undefined) return valueOf(entry) as T
    return (await load(engine, name, loader, this.#space.policy(options, 'getOrSet()'))) as T
  }

  /**
   * Ends the entry under `key`; a load of it under way is not kept.
   * @returns whether there was a fresh one
   */
  async delete(key: string): Promise<boolean> {
    const there = (await this.#space.engine.find(this.#space.name(key))) !== undefined
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
    const { soft = false, wait = true, permanent = false } = checkedOptions(options, 'invalidate()', ['soft', 'wait', 'permanent'])
    if (typeof soft !== 'boolean') throw new ConfigError(`Expected \`soft\` to be true or false, got ${shown(soft)}`)
    if (typeof wait !== 'boolean') throw new ConfigError(`Expected \`wait\` to be true or false, got ${shown(wait)}`)
    if (typeof permanent !== 'boolean') throw new ConfigError(`Expected \`permanent\` to be true or false, got ${shown(permanent)}`)
    await this.#space.purge(target, { soft, wait, permanent })
  }

  /** Ends every entry of this namespace and of those inside it, with the same promise as `invalidate`. */
  clear(): Promise<void> {
    return this.#space.clear()
  }

  /**
   * Purges at each change of a model that is announced, by the targets that `targetsOf` names; whoever announces it waits for the purge.
   * @returns what ends it
   * @example
   * cache.invalidateOn('product', ({ before, after }) => [`product:${(after ?? before)?.id}`, 'product-list'])
   * await cache.signals.saved('product', { before, after })
   */
  invalidateOn<Row = AnyRow>(model: string, targetOf: (change: HeardChange<Row>) => Target): () => void {
    return this.signals.on<Row>(model, ['saved', 'deleted'], change => this.#space.purge(targetOf(change)))
  }

  /**
   * The repository, announcing what it writes: a call of one of its writing methods resolves when the signal's listeners are done, too. Of a
   * method that fails the signal is raised all the same, for the write may have happened.
   * @throws {ConfigError} for an option that is unknown or of the wrong kind
   */
  repository<Repository extends object, Name extends keyof Repository = Conventional & keyof Repository>(
    model: string,
    repository: Repository,
    options?: RepositoryOptions<Repository, Name>,
  ): Announcing<Repository, Name> {
    return announcing(this.signals, model, repository, options)
  }

  /**
   * A cache for a part of the keys, in the same store: neither keys nor tags meet those outside it.
   * @throws {KeyError} for a name with other than letters, digits, `.`, `_`, `-`
   */
  namespace(name: string): Cache {
    return new Cache(this.#space.inner(name), this.signals)
  }

  /** Calls `listener` at each signal, of every namespace, until the returned function is called. */
  on<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): () => void {
    return this.#space.engine.signals.on(name, listener)
  }

  off<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): void {
    this.#space.engine.signals.off(name, listener)
  }

  /** Closes the store, for all namespaces. Afterwards loaders still load, and nothing is kept; a purge or `set` is refused. */
  async close(): Promise<void> {
    await this.#space.engine.close()
  }
}
