import { checkedEvent, type CacheEvents } from '../cache/events.js'
import { AtomicSteps } from '../cache/atomic-steps.js'
import { getOrSet } from '../cache/get-or-set.js'
import { inspect, type KeptEntry } from '../cache/kept-entry.js'
import { saveThrough, valueOf } from '../cache/load.js'
import { KeptQueries } from '../cache/kept-queries.js'
import type { Scheduled } from '../cache/scheduled.js'
import type { ScheduleOptions, Schedules } from '../cache/schedules.js'
import type { Space } from '../cache/space.js'
import type { InvalidateOptions, Target } from '../cache/targets.js'
import type { PolicyOptions } from '../cache/policy.js'
import { policyFor, type ValuePolicyOptions } from '../cache/value-policy.js'
import { ConfigError, shown } from '../errors.js'
import type { FragmentOptions, FragmentsOptions } from '../fragments/fragment-policy.js'
import { fragment, fragments } from '../fragments/fragments.js'
import { cachedFunction, type AnyFunction, type CachedFunction } from '../functions/cached-function.js'
import { methodDecorator, type MethodDecorator } from '../functions/cached-method.js'
import type { FunctionPolicyOptions } from '../functions/function-policy.js'
import { Labels, type LabelOptions } from '../functions/labels.js'
import type { Once, OnceDecorator } from '../functions/once.js'
import { hostHere } from '../holes/hole-host.js'
import type { AnyVisit, HoleFiller, HoleOptions } from '../holes/hole-options.js'
import { checkedHole } from '../holes/holes.js'
import { explainerOf, type Explanation, type Question } from '../cache/explanation.js'
import type { NamedArguments } from '../keys/label.js'
import { checkedOptions, flagOf, recordOf, requiredFunction } from '../options.js'
import type { Duration } from '../time/duration.js'
import type { ModelSignals, AnyRow, HeardChange } from '../signals/model-signals.js'
import { announcing, type Announcing, type Conventional, type RepositoryOptions } from '../signals/repository.js'

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
  /** The queries that are kept by `cacheQueries()`. */
  readonly queries: KeptQueries
  readonly #space: Space
  readonly #once: Once
  readonly #schedules: Schedules
  readonly #steps: AtomicSteps
  readonly #labels: Labels

  static {
    insideOf = cache => cache.#space
  }

  /** @internal */
  constructor(space: Space, signals: ModelSignals, once: Once, schedules: Schedules) {
    this.#space = space
    this.#schedules = schedules
    this.signals = signals
    this.queries = new KeptQueries(space.engine, space.prefix)
    this.#once = once
    this.#steps = new AtomicSteps(space)
    this.#labels = new Labels(space, signals)
  }

  /** The version of the namespace, if it was given one. `clear` has the effect of another one. */
  get version(): string | number | undefined {
    return this.#space.version
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
  async set<T>(key: string, value: T, options?: ValuePolicyOptions<T>): Promise<void> {
    const policy = this.#space.policy(options, 'set()')
    this.#space.assertOpen()
    await this.#space.engine.put(this.#space.name(key), policy.contentOf(value), await policyFor(policy, value))
  }

  /**
   * The value kept under `key`, or else what `loader` brings, kept. However many ask at once, one loads; all get its value, or its error,
   * which is not kept. What the loader reads through this cache hands on its tags and its lifetime. A value that cannot be kept is
   * returned as it is, and announced by the signal `error`.
   * @throws what the loader throws; {KeyError}, {ConfigError}
   */
  getOrSet<T>(key: string, loader: () => T | Promise<T>, options?: ValuePolicyOptions<T>): Promise<T> {
    return getOrSet(this.#space, key, loader, options) as Promise<T>
  }

  /**
   * `set`, unless there is something fresh under `key`: of any number that add at once, in whatever processes, one does.
   * @returns whether it was kept
   */
  async add<T>(key: string, value: T, options?: ValuePolicyOptions<T>): Promise<boolean> {
    return this.#steps.add(key, value, this.#space.policy(options, 'add()'))
  }

  /**
   * Lets what is fresh under `key` be fresh for another `ttl` from now; its value and tags stay.
   * @returns whether there was anything
   */
  async touch(key: string, ttl: Duration): Promise<boolean> {
    return this.#steps.touch(key, this.#space.policy({ ttl }, 'touch()'))
  }

  /**
   * Adds to the number that is kept fresh under `key`, in one step: none of any number that are added at once, in whatever processes, is lost. Its life
   * and tags stay. Where there is none, it counts from 0, under the policy.
   * @returns the number
   * @throws {StoreError} for something else than a number
   */
  async increment(key: string, by = 1, options?: PolicyOptions): Promise<number> {
    return this.#steps.count(key, by, this.#space.policy(options, 'increment()'))
  }

  /** `increment` by the negative of `by`. */
  async decrement(key: string, by = 1, options?: PolicyOptions): Promise<number> {
    return this.#steps.count(key, typeof by === 'number' ? -by : by, this.#space.policy(options, 'decrement()'))
  }

  /** Whether there is a fresh entry under `key`. A kept `undefined` is one. */
  async has(key: string): Promise<boolean> {
    const { engine } = this.#space
    const name = this.#space.name(key)
    return (engine.hit(name) ?? (await engine.find(name))) !== undefined
  }

  /** What is kept under these keys, of those that have something fresh: in their order, a kept `undefined` included. */
  async getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
    if (!Array.isArray(keys)) throw new ConfigError(`Expected \`keys\` to be an array of strings, got ${shown(keys)}`)
    const { engine } = this.#space
    const names = [...new Set(keys as readonly string[])].map(key => [key, this.#space.name(key)] as const)
    const entries = await Promise.all(names.map(async ([key, name]) => [key, engine.hit(name) ?? (await engine.find(name))] as const))
    return new Map(entries.flatMap(([key, entry]) => (entry === undefined ? [] : [[key, valueOf(entry) as T]])))
  }

  /** `set` of several at once, of a Map or a plain object. Not one step: if it rejects, some may be kept. */
  async setMany<T>(values: ReadonlyMap<string, T> | Readonly<Record<string, T>>, options?: ValuePolicyOptions<T>): Promise<void> {
    const pairs =
      values instanceof Map ? [...(values as ReadonlyMap<string, T>)] : Object.entries(recordOf(values, 'values') as Record<string, T>)
    for (const [key] of pairs) this.#space.name(key)
    await Promise.all(pairs.map(([key, value]) => this.set(key, value, options)))
  }

  /** Ends the entries under these keys, with the promise of `invalidate`. */
  async deleteMany(keys: readonly string[]): Promise<void> {
    await this.#space.purge({ keys })
  }

  /**
   * Write-through: calls `save`, and then keeps the value. Of several that write one key at once, in whatever processes, nothing but what was saved
   * last stays kept, or nothing. If `save` fails, nothing is kept either, for it may have happened.
   * @returns what `save` returns
   * @throws what `save` throws; {CodecError} for a value that cannot be kept, before `save` is called; {StoreError}
   */
  async put<T, Saved>(key: string, value: T, save: () => Saved, options?: ValuePolicyOptions<T>): Promise<Awaited<Saved>> {
    const policy = this.#space.policy(options, 'put()')
    requiredFunction(save, 'save')
    this.#space.assertOpen()
    return saveThrough(this.#space.engine, this.#space.name(key), value, save, policy)
  }

  /**
   * What `compute` returns, computed once in the life of `object`: the same for all who ask, not a copy. Of a promise that rejects nothing is
   * kept. No purge ends it; what is made of it depends on what it was made of.
   * @example
   * const total = cache.once(order, 'total', () => sum(order.lines))
   */
  once<T>(object: object, name: string, compute: () => T): T
  /**
   * A decorator that does the same for a getter, or a method without parameters.
   * @example
   * class Order {
   *   @cache.once()
   *   get total(): number {}
   * }
   */
  once(): OnceDecorator
  once(object?: object, name?: string, compute?: () => unknown): unknown {
    if (object === undefined) return this.#once.decorator()
    const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function'
    if (isObject && typeof name === 'string' && typeof compute === 'function') return this.#once.of(object, name, compute)
    throw new ConfigError('Expected once() to have an object, a name and a function, or nothing at all')
  }

  /** What is kept under `key` and what is known of it, whatever its age. Looking is no hit. */
  async entry<T = unknown>(key: string): Promise<KeptEntry<T> | undefined> {
    return (await inspect(this.#space.engine, this.#space.name(key))) as KeptEntry<T> | undefined
  }

  /**
   * The function, its results kept by its name and arguments: same parameters, same types. However many call at once, one runs; all get its
   * result, or its error, which is not kept. Two calls are the same if their arguments mean the same: plain data, Date, Map, Set, BigInt, Buffer. For
   * anything else the call rejects with a KeyError, unless a `key` says what identifies it.
   * @throws {ConfigError} for an option that cannot be, and if the function has no name, or another function has the same
   * @example
   * const profile = cache.cached((id: number) => users.find(id), { key: 'user:{0}:profile', ttl: '1m', tags: id => [`user:${id}`] })
   * await profile(7)
   * await profile.invalidate(7)
   */
  cached<F extends AnyFunction>(fn: F, policy?: FunctionPolicyOptions<Parameters<F>, Awaited<ReturnType<F>>>): CachedFunction<F>
  /**
   * A decorator that does the same for a method.
   * @example
   * class Shop {
   *   @cache.cached({ ttl: '10m' })
   *   async offers(city: string) {}
   * }
   */
  cached(policy?: FunctionPolicyOptions<never, never>): MethodDecorator
  cached(given: AnyFunction | FunctionPolicyOptions<never, never> | undefined, policy?: FunctionPolicyOptions<never, never>): unknown {
    return typeof given === 'function' ? cachedFunction(this.#space, given, policy) : methodDecorator(this.#space, given)
  }

  /**
   * A part of a page: what is kept under the name, or else what `render` makes, kept. However many ask at once, one renders. It depends on what
   * it reads through this cache, fragments inside it included, and what encloses it depends on it. A Buffer comes as a copy of your own.
   *
   * It belongs to its template: the text of `render`, or what `template` says, is a part of its key, and so is all that it differs by (`vary`).
   * What `render` takes from around itself and is named in neither is the same for everybody.
   * @throws what `render` throws; {ConfigError}, {KeyError}; {CacheError} `ERR_CACHE_FRAGMENT` for what is neither a string nor a Buffer
   * @example
   * const html = await cache.fragment('sidebar', { ttl: '30m', vary: [user.id] }, () => render('sidebar'))
   */
  fragment<Output extends string | Buffer>(
    name: string,
    options: FragmentOptions | undefined,
    render: () => Output | Promise<Output>,
  ): Promise<Output> {
    return fragment(this.#space, name, options, render) as Promise<Output>
  }

  /**
   * A fragment for each item, in their order: all are asked for at once, and `render` is called for those that are missing, which may be one after the
   * other or together. Rejects if one fails; the others are kept.
   * @throws as `fragment`; {KeyError} for an item that is more than plain data, without a `key`
   * @example
   * const rows = await cache.fragments('row', posts, { key: '{id}', tags: post => [`post:${post.id}`] }, post => row(post))
   */
  fragments<Item, Output extends string | Buffer>(
    name: string,
    items: Iterable<Item>,
    options: FragmentsOptions<Item> | undefined,
    render: (item: Item, index: number) => Output | Promise<Output>,
  ): Promise<Output[]> {
    return fragments(this.#space, name, items, options, render) as Promise<Output[]>
  }

  /**
   * A part of a page that is each visitor's own, though the page is kept for all: called in a handler under `cachePage`, it returns what is to stand in
   * its place in the body, a text that nobody can guess. `fill` is called for each visitor with his request (in Koa his context), what it returns is
   * sent as it is, and whatever else it uses must not be of the request for which the handler ran. A hole that fails has its `fallback`.
   * Inside of what renders a fragment it is a hole in that, and is filled for each visitor of every page that the fragment becomes a part of.
   * @throws {ConfigError} for a name or an option that cannot be, a `fill` without a parameter, where it is in no page (in a handler
   * that is not under `cachePage`: after its first `await`), inside of a value or a function that is kept by itself, and once the head of the page has left
   * @example res.send(form(cache.hole('csrf', req => tokenOf(req))))
   */
  hole<Visit = AnyVisit>(name: string, fill: HoleFiller<Visit>, options?: HoleOptions): string {
    return hostHere(this.#space.engine).mark(checkedHole({ name, fill, options }))
  }

  /**
   * A nonce for the scripts and styles of a page, made anew for each answer: the same in the `Content-Security-Policy` that the handler sets, and
   * wherever it stands in the body.
   * @throws {ConfigError} as `hole`
   */
  nonce(): string {
    return hostHere(this.#space.engine).mark(undefined)
  }

  /**
   * What would become of a request if it came now, under which key, and why. Nothing is done for it: no handler runs, nothing is counted.
   * Known are the policies that have been asked about its path in this process.
   * @throws {KeyError} for what is no request; {StoreError} if the store fails
   * @example await cache.explain('https://shop.example/posts?page=2')
   */
  async explain(question: Question): Promise<Explanation> {
    const { engine, prefix } = this.#space
    const explain = explainerOf(engine)
    if (explain === undefined) throw new ConfigError('There are no pages to explain: no smartCache() uses this cache')
    return explain(question, prefix)
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
    const {
      soft = false,
      wait = true,
      permanent = false,
      why,
    } = checkedOptions(options, 'invalidate()', ['soft', 'wait', 'permanent', 'why'])
    if (why !== undefined && typeof why !== 'string') throw new ConfigError(`Expected \`why\` to be a text, got ${shown(why)}`)
    await this.#space.purge(target, {
      soft: flagOf(soft, 'soft'),
      wait: flagOf(wait, 'wait'),
      permanent: flagOf(permanent, 'permanent'),
      ...(why === undefined ? {} : { why }),
    })
  }

  /** Ends every entry of this namespace and of those inside it, with the same promise as `invalidate`. */
  clear(): Promise<void> {
    return this.#space.clear()
  }

  /**
   * Gives what `load` loads a label. What is loaded under it depends on the models in `dependsOn`.
   * @throws {ConfigError} for an option that cannot be, or a label that is taken
   * @example
   * cache.define('offers', {
   *   load: (city: string, kind: string) => findOffers(city, kind),
   *   ttl: '1d',
   *   dependsOn: { offer: { outdated: row => ({ city: row.city }), newcomers: row => ({ city: row.city }), refresh: true } },
   * })
   * await cache.load('offers', { city: 'Bern', kind: 'food' })
   */
  define<Args extends readonly unknown[], Value>(label: string, options: LabelOptions<Args, Value>): void {
    this.#labels.define(label, options)
  }

  /**
   * What is kept under the label for these arguments, or else what its loader brings, kept.
   * @throws what the loader throws; {ConfigError} for a label that is not defined; {KeyError} for arguments that are more than data
   */
  async load<T = unknown>(label: string, args: NamedArguments = {}): Promise<T> {
    return (await this.#labels.of(label).load(args)) as T
  }

  /** The argument sets of which something is kept under the label, of those that this process has asked for. @throws {ConfigError}, {StoreError} */
  async argumentsOf(label: string): Promise<NamedArguments[]> {
    return this.#labels.of(label).kept()
  }

  /**
   * Purges at each change of a model that is announced, by the targets that `targetsOf` names; whoever announces it waits for the purge.
   * @returns what ends it
   * @example
   * cache.invalidateOn('product', ({ before, after }) => [`product:${(after ?? before)?.id}`, 'product-list'])
   * await cache.signals.saved('product', { before, after })
   */
  invalidateOn<Row = AnyRow>(model: string, targetOf: (change: HeardChange<Row>) => Target): () => void {
    requiredFunction(targetOf, 'targetOf')
    return this.signals.on<Row>(model, ['saved', 'deleted'], change =>
      this.#space.purge(targetOf(change), { why: `${model} ${change.kind}` }),
    )
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
   * Purges and warms at each instant of a schedule: the first process that comes to it, for all that declare the same. An instant that passed
   * while no process ran is made up for once, where the store has outlived them.
   * @throws {ConfigError} or {KeyError} for an option that cannot be; {CacheError} if the cache is closed
   * @example
   * cache.schedule({ cron: '0 6 * * *', timezone: 'Europe/Berlin', invalidate: ['prices'], warm: () => priceList() })
   */
  schedule(options: ScheduleOptions): Scheduled {
    return this.#schedules.add(this.#space, options)
  }

  /** The schedules of this namespace that act in this process, the next to come first. */
  schedules(): readonly Scheduled[] {
    return this.#schedules.list(this.#space)
  }

  /**
   * A cache for a part of the keys, in the same store: neither keys nor tags meet those outside it, nor those of another `version`.
   * @throws {KeyError} for a name with other than letters, digits, `.`, `_`, `-`
   */
  namespace(name: string, options?: { readonly version?: string | number }): Cache {
    const { version } = checkedOptions(options, 'namespace()', ['version'])
    return new Cache(this.#space.inner(name, version), this.signals, this.#once, this.#schedules)
  }

  /**
   * Calls `listener` at each signal, of every namespace, until the returned function is called.
   * @throws {ConfigError} for a name that is none
   */
  on<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): () => void {
    requiredFunction(listener, 'listener')
    return this.#space.engine.signals.on(checkedEvent(name) as Name, listener)
  }

  off<Name extends keyof CacheEvents>(name: Name, listener: (event: CacheEvents[Name]) => void): void {
    this.#space.engine.signals.off(checkedEvent(name) as Name, listener)
  }

  /** Closes the store and ends the schedules, for all namespaces. Afterwards loaders still load, and nothing is kept; a purge or `set` is refused. */
  async close(): Promise<void> {
    this.#schedules.stop()
    await this.#space.engine.close()
  }
}
