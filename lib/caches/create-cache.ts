import { Engine } from '../cache/engine.js'
import { Schedules } from '../cache/schedules.js'
import { Space } from '../cache/space.js'
import { ConfigError, shown } from '../errors.js'
import { Once } from '../functions/once.js'
import { checkedOptions, flagOf, recordOf } from '../options.js'
import { ModelSignals } from '../signals/model-signals.js'
import { memoryStore } from '../stores/memory-store.js'
import { nullStore } from '../stores/null-store.js'
import type { Store } from '../stores/store.js'
import { systemClock, type Clock } from '../time/clock.js'
import { Cache } from './cache.js'
import { logWhereAsked } from './debug-log.js'

export interface CacheOptions {
  /**
   * `false` turns everything into a pass-through: every loader and handler runs, nothing is kept, and the `store` is neither asked nor closed.
   * @default true
   */
  readonly enabled?: boolean
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
  /** A part of every name in the namespace: raise it, and what was kept before is gone. Only with a `namespace`. */
  readonly version?: string | number
  /**
   * Where the time comes from.
   * @default the system's
   */
  readonly clock?: Clock
}

const OPTIONS = ['enabled', 'store', 'namespace', 'version', 'clock']
const METHODS = ['peek', 'read', 'fill', 'put', 'add', 'touch', 'count', 'release', 'purge', 'watch', 'close']

/**
 * A cache over a store; without options, in the memory of this process.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind
 * @example
 * const cache = createCache()
 * const tree = await cache.getOrSet('tree', loadTree, { ttl: '30m', tags: ['menu'] })
 * await cache.invalidate('menu')
 */
export function createCache(options?: CacheOptions): Cache {
  const { enabled = true, store, namespace, version, clock } = checkedOptions(options, 'createCache()', OPTIONS)
  if (store !== undefined && !hasMethods(store, METHODS)) {
    throw new ConfigError(`Expected \`store\` to be a store such as memoryStore(), got ${shown(store)}`)
  }
  if (clock !== undefined && !hasMethods(clock, ['now', 'monotonic'])) {
    throw new ConfigError(`Expected \`clock\` to be a clock with now() and monotonic(), got ${shown(clock)}`)
  }
  const keeping = flagOf(enabled, 'enabled') ? ((store as Store | undefined) ?? memoryStore()) : nullStore()
  const engine = new Engine(keeping, (clock as Clock | undefined) ?? systemClock)
  const root = Space.root(engine)
  const space = namespace === undefined ? root : root.inner(namespace as string, version)
  if (space === root && version !== undefined)
    throw new ConfigError('Expected a `namespace` with `version`: it is a part of the names in it')
  const cache = new Cache(space, new ModelSignals(), new Once(engine), new Schedules())
  logWhereAsked(cache)
  return cache
}

function hasMethods(thing: unknown, names: readonly string[]): boolean {
  return typeof thing === 'object' && thing !== null && names.every(name => typeof (thing as Record<string, unknown>)[name] === 'function')
}

/**
 * Several caches by name, each with options of its own.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind, or if two would keep the same names in one store
 * @example
 * const caches = createCaches({ default: {}, sessions: { store: memoryStore({ maxBytes: '16mb' }) } })
 * await caches.sessions.set('id', session, { ttl: '30m' })
 */
export function createCaches<Name extends string>(options: Readonly<Record<Name, CacheOptions>>): Readonly<Record<Name, Cache>> {
  const given = checkedOptions(options, 'createCaches()', Object.keys(Object(options))) as Readonly<Record<Name, CacheOptions>>
  const taken = new Map<Store, (string | undefined)[]>()
  const caches = Object.entries<unknown>(given).map(([name, of]) => {
    const own: CacheOptions = recordOf(of, name)
    const namespaces = own.store === undefined ? [] : (taken.get(own.store) ?? [])
    if (namespaces.includes(own.namespace))
      throw new ConfigError(`Expected ${shown(name)} to have a \`store\` or a \`namespace\` of its own`)
    if (own.store !== undefined) taken.set(own.store, [...namespaces, own.namespace])
    return [name, createCache(own)] as const
  })
  return Object.freeze(Object.fromEntries(caches)) as Readonly<Record<Name, Cache>>
}
