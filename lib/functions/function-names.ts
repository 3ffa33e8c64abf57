import type { Engine } from '../cache/engine.js'
import { ConfigError, shown } from '../errors.js'

const owners = new WeakMap<Engine, Map<string, unknown>>()

/**
 * Takes a name, in full, for the keys of a function: two functions of one name would be handed each other's results.
 * @throws {ConfigError} if it is another's
 */
export function claimName(engine: Engine, name: string, owner: unknown): void {
  const names = owners.get(engine) ?? new Map<string, unknown>()
  owners.set(engine, names)
  const other = names.get(name)
  if (other !== undefined && other !== owner) {
    throw new ConfigError(`Two functions of one cache are named ${shown(name)}: give one of them a \`name\` of its own, or a \`key\``)
  }
  names.set(name, owner)
}
