import type { Engine } from '../cache/engine.js'
import { ConfigError, shown } from '../errors.js'
import { Scope } from '../scope/scope.js'

/** A decorator of getters, and of methods without parameters (TC39, stage 3). */
export type OnceDecorator = <Method extends () => unknown>(
  method: Method,
  context: ClassGetterDecoratorContext | ClassMethodDecoratorContext,
) => Method

interface Kept {
  readonly value: unknown
  /** What it was made of: whoever uses it depends on that. */
  readonly scope: Scope
}

/** What was computed of objects, for as long as they live. */
export class Once {
  readonly #engine: Engine
  readonly #kept = new WeakMap<object, Map<string | symbol, Kept>>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  of(object: object, name: string | symbol, compute: () => unknown): unknown {
    const values = this.#kept.get(object) ?? new Map<string | symbol, Kept>()
    this.#kept.set(object, values)
    const kept = values.get(name) ?? this.#compute(values, name, compute)
    if (kept.value instanceof Promise) return this.#awaited(kept, kept.value)
    this.#engine.inherit(kept.scope)
    return kept.value
  }

  decorator(): OnceDecorator {
    const once = (object: object, name: string | symbol, compute: () => unknown) => this.of(object, name, compute)
    return (method, { kind, name }) => {
      if (kind !== 'getter' && kind !== 'method')
        throw new ConfigError(`Expected once() to decorate a getter or a method, got a ${shown(kind)}`)
      const computed = function (this: object): unknown {
        return once(this, name, () => Reflect.apply(method, this, []))
      }
      return computed as unknown as typeof method
    }
  }

  #compute(values: Map<string | symbol, Kept>, name: string | symbol, compute: () => unknown): Kept {
    const { scopes } = this.#engine
    const scope = new Scope([], scopes.current)
    const end = () => scopes.close(scope)
    try {
      const value = scopes.run(scope, compute)
      const kept = { value, scope }
      values.set(name, kept)
      if (!(value instanceof Promise)) end()
      else {
        value.then(end, () => {
          end()
          // Its error is everybody's who waits, and kept for nobody.
          if (values.get(name) === kept) values.delete(name)
        })
      }
      return kept
    } catch (error) {
      end()
      this.#engine.inherit(scope)
      throw error
    }
  }

  async #awaited({ scope }: Kept, value: Promise<unknown>): Promise<unknown> {
    try {
      return await value
    } finally {
      this.#engine.inherit(scope)
    }
  }
}
