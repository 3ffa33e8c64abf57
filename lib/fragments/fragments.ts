import { load, refreshAhead, valueOf } from '../cache/load.js'
import type { Space } from '../cache/space.js'
import { CacheError, ConfigError, shown } from '../errors.js'
import { fragmentPolicy, type FragmentOptions, type FragmentPolicy, type FragmentsOptions } from './fragment-policy.js'

/** @throws what `render` throws; {ConfigError}, {KeyError}; {CacheError} for what is neither a string nor a Buffer */
export async function fragment(space: Space, name: string, options: FragmentOptions | undefined, render: () => unknown): Promise<unknown> {
  return kept(space, fragmentPolicy(space, name, options, render, false), undefined, render)
}

/** The same for each item of a list: all are asked for at once, and rendered are those that are missing. */
export async function fragments<Item>(
  space: Space,
  name: string,
  items: Iterable<Item>,
  options: FragmentsOptions<Item> | undefined,
  render: (item: Item, index: number) => unknown,
): Promise<unknown[]> {
  const policy = fragmentPolicy(space, name, options, render, true)
  if (typeof items !== 'object' || !(Symbol.iterator in items))
    throw new ConfigError(`Expected the items of fragments() to be a list, got ${shown(items)}`)
  return Promise.all(Array.from(items, (item, index) => kept(space, policy, item, () => render(item, index))))
}

async function kept({ engine }: Space, policy: FragmentPolicy, item: unknown, render: () => unknown): Promise<unknown> {
  const key = policy.keyOf(item)
  const loader = async () => checked(policy.name, await render())
  const entry = engine.hit(key)
  if (entry === undefined) return load(engine, key, loader, policy.policyOf(item))
  if (policy.refreshesAhead) refreshAhead(engine, entry, loader, policy.policyOf(item))
  return valueOf(entry)
}

function checked(name: string, rendered: unknown): string | Buffer {
  if (typeof rendered === 'string' || Buffer.isBuffer(rendered)) return rendered
  throw new CacheError('ERR_CACHE_FRAGMENT', `Expected the fragment ${shown(name)} to be a string or a Buffer, got ${shown(rendered)}`)
}
