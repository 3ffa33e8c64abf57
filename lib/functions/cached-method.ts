import type { Space } from '../cache/space.js'
import { ConfigError, shown } from '../errors.js'
import { checkedOptions } from '../options.js'
import { cachedFunction, type AnyFunction } from './cached-function.js'
import { FUNCTION_OPTIONS, type FunctionPolicyOptions } from './function-policy.js'

/** A decorator of methods that return promises (TC39, stage 3). */
export type MethodDecorator = <Method extends (...args: never[]) => Promise<unknown>>(
  method: Method,
  context: ClassMethodDecoratorContext,
) => Method

/**
 * Keeps the results of a method by its class, its name and its arguments: instances of one class share them. Where they differ, `key` says on what:
 * `'{this.region}:{0}'`, or a function with a `this`.
 */
export function methodDecorator(space: Space, options: FunctionPolicyOptions<never, never> | undefined): MethodDecorator {
  checkedOptions(options, 'cached()', FUNCTION_OPTIONS)
  return (method, context) => {
    if ((context.kind as string) !== 'method') throw new ConfigError(`Expected cached() to decorate a method, got a ${context.kind}`)
    const ofClass = new WeakMap<object, AnyFunction>()
    const cachedFor = (receiver: unknown) => {
      const owner = ownerOf(receiver)
      const cached = ofClass.get(owner) ?? cachedFunction(space, method, named(owner, context.name, options))
      ofClass.set(owner, cached)
      return cached
    }
    // So that what is wrong with the options or the name is said before the first call.
    context.addInitializer(function (this: unknown) {
      cachedFor(this)
    })
    const cached = function (this: unknown, ...args: readonly unknown[]): unknown {
      return Reflect.apply(cachedFor(this), this, args)
    }
    return Object.defineProperty(cached, 'name', { value: method.name, configurable: true }) as unknown as typeof method
  }
}

function ownerOf(receiver: unknown): NewableFunction {
  const owner: unknown = typeof receiver === 'function' ? receiver : Object(receiver).constructor
  if (typeof owner === 'function') return owner
  throw new ConfigError(`Expected a cached method to be called on its object, got ${shown(receiver)}`)
}

function named(
  owner: NewableFunction,
  name: string | symbol,
  options: FunctionPolicyOptions<never, never> | undefined,
): FunctionPolicyOptions<never, never> {
  if (options?.name !== undefined || options?.key !== undefined) return options
  return { ...options, name: owner.name === '' || typeof name === 'symbol' ? '' : `${owner.name}.${name}` }
}
