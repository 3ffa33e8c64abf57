import type { Engine } from '../cache/engine.js'
import { inspect } from '../cache/kept-entry.js'
import { load, reload } from '../cache/load.js'
import type { Space } from '../cache/space.js'
import { VALUE_POLICY_OPTIONS, type ValuePolicy, type ValuePolicyOptions } from '../cache/value-policy.js'
import { ConfigError, shown } from '../errors.js'
import { given, labelKey, labelTag, type NamedArguments } from '../keys/label.js'
import { checkName } from '../keys/names.js'
import { checkedOptions, recordOf } from '../options.js'
import type { AnyRow, HeardChange, ModelSignals } from '../signals/model-signals.js'
import { Dependency, isTouched, tagsToPurge, type DependencyOptions } from './dependency.js'
import { claimName } from './function-names.js'
import { labelLoader, type LabelLoader } from './label-loader.js'

/** What is loaded under a label, and what it depends on. */
export interface LabelOptions<Args extends readonly unknown[] = readonly never[], Value = unknown> extends ValuePolicyOptions<Value> {
  /** A function of the arguments, in the order of its parameters or as one object that it takes apart; or where one is: `'./offers.js#findOffers'`. */
  readonly load: ((...args: Args) => Value | PromiseLike<Value>) | string
  /**
   * The names of the parameters.
   * @default those in the source of the function, which tools that make programs smaller may change
   */
  readonly args?: readonly string[]
  /** Where a `load` that is a relative path begins: `import.meta.url`. */
  readonly base?: string | URL
  /** Models whose rows it is made of. A signal of a model ends, and refreshes, exactly the argument sets that the row touches, as it was and as it is. */
  readonly dependsOn?: Readonly<Record<string, DependencyOptions>>
}

const LABEL_OPTIONS = [...VALUE_POLICY_OPTIONS, 'load', 'args', 'base', 'dependsOn']

/** So many argument sets are remembered of a label, in this process. */
const MAX_REMEMBERED = 10_000

const labels = new WeakMap<Engine, Map<string, Label>>()

/** The labels of one namespace. */
export class Labels {
  readonly #space: Space
  readonly #signals: ModelSignals

  constructor(space: Space, signals: ModelSignals) {
    this.#space = space
    this.#signals = signals
  }

  /** @throws {ConfigError} for an option that cannot be, or a label that is taken; {KeyError} for a label that cannot be */
  define(label: string, options: unknown): void {
    checkName(label, 'key')
    const defined = new Label(this.#space, label, options)
    claimName(this.#space.engine, this.#space.prefix + label, defined)
    const all = labels.get(this.#space.engine) ?? new Map<string, Label>()
    labels.set(this.#space.engine, all.set(this.#space.prefix + label, defined))
    for (const dependency of defined.dependencies) {
      this.#signals.on(dependency.model, ['saved', 'deleted'], change => defined.hear(dependency, change))
    }
  }

  /** @throws {ConfigError} for a label that is not defined */
  of(label: string): Label {
    const defined = labels.get(this.#space.engine)?.get(this.#space.prefix + label)
    if (defined === undefined) throw new ConfigError(`Expected a label that was defined, got ${shown(label)}`)
    return defined
  }
}

/** What is kept under one label. */
class Label {
  readonly dependencies: readonly Dependency[]
  readonly #space: Space
  readonly #label: string
  readonly #policy: ValuePolicy
  readonly #loader: LabelLoader
  readonly #remembered = new Map<string, NamedArguments>()

  constructor(space: Space, label: string, options: unknown) {
    const { load: loader, args, base, dependsOn, ...policy } = checkedOptions(options, `define(${shown(label)})`, LABEL_OPTIONS)
    this.#space = space
    this.#label = label
    this.#loader = labelLoader(loader, args, base)
    this.#policy = space.policy(policy, `define(${shown(label)})`)
    this.dependencies = Object.entries(recordOf(dependsOn === undefined ? {} : dependsOn, 'dependsOn')).map(
      ([model, dependency]) => new Dependency(model, dependency),
    )
  }

  /** @throws what the loader throws; {KeyError} */
  async load(args: NamedArguments): Promise<unknown> {
    const key = this.#space.name(labelKey(this.#label, args))
    this.#remember(key, args)
    return load(this.#space.engine, key, () => this.#loader(args), this.#policyOf(args))
  }

  /** The argument sets of which something is kept, as far as this process knows. */
  async kept(): Promise<NamedArguments[]> {
    const known = await Promise.all(
      [...this.#remembered].map(async ([key, args]) => ({ key, args, entry: await inspect(this.#space.engine, key) })),
    )
    for (const { key, entry } of known) if (entry === undefined) this.#remembered.delete(key)
    return known.flatMap(({ args, entry }) => (entry === undefined ? [] : [args]))
  }

  /** Ends what the change touches. @throws {StoreError} */
  async hear(dependency: Dependency, change: HeardChange<AnyRow>): Promise<void> {
    const { engine, prefix } = this.#space
    const touched = dependency.touched(change)
    const tags = tagsToPurge(this.#label, touched) ?? [labelTag(this.#label)]
    const at = engine.clock.now()
    await engine.purge(
      tags.map(tag => ({ kind: 'tag', name: prefix + tag, soft: false, at })),
      { wait: true },
      `${change.model} ${change.kind}`,
    )
    if (!dependency.refresh) return
    for (const [key, args] of this.#remembered) if (isTouched(touched, args)) void this.#refresh(key, args)
  }

  async #refresh(key: string, args: NamedArguments): Promise<void> {
    const { engine } = this.#space
    try {
      await reload(engine, key, () => this.#loader(args), this.#policyOf(args))
    } catch (error) {
      engine.announce.error('refresh', key, error)
    }
  }

  #policyOf(args: NamedArguments): ValuePolicy {
    const { prefix } = this.#space
    const own = [labelTag(this.#label), ...this.dependencies.flatMap(dependency => dependency.tagsOf(this.#label, args))]
    const { policy } = this.#policy
    return { ...this.#policy, policy: { ...policy, tags: [...policy.tags, ...own.map(tag => prefix + tag)] } }
  }

  #remember(key: string, args: NamedArguments): void {
    if (this.#remembered.has(key)) return
    if (this.#remembered.size >= MAX_REMEMBERED) for (const oldest of this.#remembered.keys()) if (this.#remembered.delete(oldest)) break
    this.#remembered.set(key, structuredClone(given(args)))
  }
}
