import { inspect, type KeptEntry } from '../cache/kept-entry.js'
import { load, refreshAhead, reload, valueOf } from '../cache/load.js'
import type { Space } from '../cache/space.js'
import { Batch } from './batch.js'
import { claimName } from './function-names.js'
import { resolveFunctionPolicy, type FunctionPolicy, type FunctionPolicyOptions } from './function-policy.js'
import { isPlainArgument, ReadyAnswers } from './ready-answers.js'
import { SharedRefreshes } from './shared-refreshes.js'

export type AnyFunction = (...args: never[]) => unknown

/** What a cached function can do besides being called. */
export interface CachedMethods<Args extends readonly unknown[], Value> {
  /** Ends what is kept of this call, also if it is permanent, with the promise of `cache.invalidate`. */
  invalidate(...args: Args): Promise<void>
  /** Loads anew: a load that begins after this call. Meanwhile the old value is served; once it has resolved, nobody is served that any more. */
  refresh(...args: Args): Promise<Value>
  /** The key of this call's entry, for `cache.get`, `cache.invalidate({ key })` and others. @throws {KeyError} */
  keyFor(...args: Args): string
  /** What is kept of this call, whatever its age. */
  entry(...args: Args): Promise<KeptEntry<Value> | undefined>
  /** The results of several calls, in their order: what is missing is loaded by one call of `loadMany`. Rejects if one fails. */
  many(calls: readonly Args[]): Promise<Value[]>
}

/** A function with the parameters and the type of `F`, that returns a promise. A function that returns promises keeps its type, overloads and all. */
export type CachedFunction<F extends AnyFunction> = Promising<F> & CachedMethods<Parameters<F>, Awaited<ReturnType<F>>>

type Promising<F extends AnyFunction> =
  ReturnType<F> extends Promise<unknown> ? F : (this: ThisParameterType<F>, ...args: Parameters<F>) => Promise<Awaited<ReturnType<F>>>

/** @throws {ConfigError} for an option that cannot be, or a name that is missing or another's; {KeyError} for a tag that cannot be */
export function cachedFunction<F extends AnyFunction>(
  space: Space,
  fn: F,
  options: FunctionPolicyOptions<never, never> | undefined,
): CachedFunction<F> {
  const claim = (name: string) => claimName(space.engine, space.prefix + name, fn)
  const calls = new Calls(space, fn as unknown as Loader, resolveFunctionPolicy(options, space, fn.name, claim))
  const answers = calls.answers
  function cached(this: unknown, argument: unknown): Promise<unknown> {
    const ready = arguments.length === 1 ? answers.find(argument) : undefined
    return ready ?? calls.ask(this, Array.from(arguments))
  }
  const methods = {
    invalidate: (...args: unknown[]) => calls.invalidate(args),
    refresh: (...args: unknown[]) => calls.refresh(args),
    keyFor: (...args: unknown[]) => calls.keyFor(args),
    entry: (...args: unknown[]) => calls.entry(args),
    many: (list: readonly (readonly unknown[])[]) => calls.many(list),
  }
  const described = Object.defineProperties(cached, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
  })
  return Object.assign(described, methods) as unknown as CachedFunction<F>
}

type Loader = (...args: readonly unknown[]) => unknown

/** The calls of one function. */
class Calls {
  readonly answers: ReadyAnswers
  readonly #space: Space
  readonly #fn: Loader
  readonly #policy: FunctionPolicy
  readonly #refreshes = new SharedRefreshes()

  constructor(space: Space, fn: Loader, policy: FunctionPolicy) {
    this.#space = space
    this.#fn = fn
    this.#policy = policy
    this.answers = new ReadyAnswers(space.engine, policy.refreshAhead)
  }

  async ask(receiver: unknown, args: readonly unknown[]): Promise<unknown> {
    const { engine } = this.#space
    const key = this.#space.name(this.#policy.keyOf(receiver, args))
    const entry = this.#policy.checked ? undefined : engine.hit(key)
    const loader = () => Reflect.apply(this.#fn, receiver, args)
    if (entry === undefined) return load(engine, key, loader, this.#policy.policyOf(args))
    if (this.#policy.refreshAhead < 1) refreshAhead(engine, entry, loader, this.#policy.policyOf(args))
    if (this.#policy.keyed && args.length === 1 && isPlainArgument(args[0])) this.answers.keep(args[0], entry)
    return valueOf(entry)
  }

  keyFor(args: readonly unknown[]): string {
    return this.#policy.keyOf(undefined, args)
  }

  async invalidate(args: readonly unknown[]): Promise<void> {
    await this.#space.purge({ key: this.keyFor(args) })
  }

  async refresh(args: readonly unknown[]): Promise<unknown> {
    const key = this.#space.name(this.keyFor(args))
    const policy = this.#policy.policyOf(args)
    this.#space.assertOpen()
    return this.#refreshes.run(key, () => reload(this.#space.engine, key, () => Reflect.apply(this.#fn, undefined, args), policy))
  }

  async entry(args: readonly unknown[]): Promise<KeptEntry | undefined> {
    return inspect(this.#space.engine, this.#space.name(this.keyFor(args)))
  }

  async many(calls: readonly (readonly unknown[])[]): Promise<unknown[]> {
    const { loadMany } = this.#policy
    if (loadMany === undefined) return Promise.all(calls.map(args => this.ask(undefined, args)))
    const batch = new Batch(this.#space.engine, loadMany, calls.length)
    return Promise.all(calls.map((args, index) => this.#askIn(batch, index, args)))
  }

  async #askIn(batch: Batch, index: number, args: readonly unknown[]): Promise<unknown> {
    try {
      const key = this.#space.name(this.keyFor(args))
      const decided = () => batch.decided(index)
      return await load(this.#space.engine, key, () => batch.load(index, args), this.#policy.policyOf(args), decided)
    } finally {
      batch.decided(index)
    }
  }
}
