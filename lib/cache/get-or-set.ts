import { requiredFunction } from '../options.js'
import { load, refreshAhead, valueOf } from './load.js'
import type { Space } from './space.js'
import type { ValuePolicyOptions } from './value-policy.js'

/**
 * What is kept under `key`, or else what `loader` brings, kept.
 * @throws what the loader throws; {KeyError}, {ConfigError}
 */
export function getOrSet(
  space: Space,
  key: string,
  loader: () => unknown,
  options: ValuePolicyOptions<never> | undefined,
): Promise<unknown> {
  // Not an async function: that would be a sixth of what a hit costs.
  try {
    const { engine } = space
    const name = space.name(key)
    const entry = options?.schema === undefined ? engine.hit(name) : undefined
    if (entry === undefined) {
      requiredFunction(loader, 'loader')
      return load(engine, name, loader, space.policy(options, 'getOrSet()'))
    }
    if (options?.refreshAhead !== undefined) refreshAhead(engine, entry, loader, space.policy(options, 'getOrSet()'))
    return Promise.resolve(valueOf(entry))
  } catch (error) {
    return Promise.reject(error)
  }
}
