import { load, refreshAhead, valueOf } from '../cache/load.js'
import type { Space } from '../cache/space.js'
import { CacheError, ConfigError, shown } from '../errors.js'
import { hostHoles, hostOf } from '../holes/hole-host.js'
import { fragmentPolicy, type FragmentOptions, type FragmentPolicy, type FragmentsOptions } from './fragment-policy.js'
import { FragmentInTheMaking, isFillable, isRendered, shownHere, type Rendered } from './holed-fragment.js'

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
  if (typeof items !== 'object' || items === null || !(Symbol.iterator in items))
    throw new ConfigError(`Expected the items of fragments() to be a list, got ${shown(items)}`)
  return Promise.all(Array.from(items, (item, index) => kept(space, policy, item, () => render(item, index))))
}

async function kept(space: Space, policy: FragmentPolicy, item: unknown, render: () => unknown): Promise<unknown> {
  const { engine } = space
  const key = policy.keyOf(item)
  const entry = engine.hit(key)
  const known = entry !== undefined && isFillable(space, entry.value)
  if (known && !policy.refreshesAhead) return shownHere(space, valueOf(entry))
  const loader = rendering(space, policy, render)
  if (!known) return shownHere(space, await load(engine, key, loader, policy.policyOf(item)))
  refreshAhead(engine, entry, loader, policy.policyOf(item))
  return shownHere(space, valueOf(entry))
}

/** Renders it as it is kept. */
function rendering(space: Space, { name }: FragmentPolicy, render: () => unknown): () => Promise<unknown> {
  const around = hostOf(space.engine)
  return async () => {
    const { current } = space.engine.scopes
    const making = new FragmentInTheMaking(space, around)
    if (current !== undefined) hostHoles(current, making)
    const rendered = checked(name, await render())
    // In the next page it would be of nobody.
    if (making.hasForeignMarks(rendered))
      throw new ConfigError(
        `The fragment ${shown(name)} has a hole that was made outside of it: call hole() in the function that renders the fragment`,
      )
    return making.keepable(rendered)
  }
}

function checked(name: string, rendered: unknown): Rendered {
  if (isRendered(rendered)) return rendered
  throw new CacheError('ERR_CACHE_FRAGMENT', `Expected the fragment ${shown(name)} to be a string or a Buffer, got ${shown(rendered)}`)
}
