import { hash } from 'node:crypto'
import type { Engine } from '../cache/engine.js'
import type { AskedHole, HoleFiller } from './hole-options.js'
import { CacheError, ConfigError, shown } from '../errors.js'
import { OWN } from '../keys/names.js'
import { checkedOptions, flagOf } from '../options.js'
import { Scope } from '../scope/scope.js'
import { milliseconds } from '../time/duration.js'
import { patiently } from '../time/patience.js'

/** Where in the bytes of a kept page there is a hole. */
export interface HolePlace {
  readonly at: number
  readonly id: string
}

/** What is called the nonce of a page: made here, and the same in its head and wherever it stands in its body. */
export const NONCE = `${OWN}nonce`

/** A hole as it was made. */
export interface Hole {
  /** Its name and a digest of what fills it: under one name, what is filled by another text of a function is another hole. */
  readonly id: string
  readonly name: string
  readonly fill: HoleFiller<unknown>
  readonly fallback: Buffer
  readonly timeoutMs: number
  readonly front: boolean
}

/** What fills a hole: at once, if it can be said at once. */
export type Filling = Buffer | Promise<Buffer>

/** So many holes are known of one namespace; beyond it, those made longest ago are forgotten, and pages that have them are misses. */
const MAX_HOLES = 1_000

const books = new WeakMap<Engine, Map<string, Holes>>()

/** The holes that handlers of this process have made in the pages of one namespace. */
export class Holes {
  readonly #engine: Engine
  readonly #prefix: string
  readonly #known = new Map<string, Hole>()

  private constructor(engine: Engine, prefix: string) {
    this.#engine = engine
    this.#prefix = prefix
  }

  static of(engine: Engine, prefix: string): Holes {
    const all = books.get(engine) ?? new Map<string, Holes>()
    books.set(engine, all)
    const holes = all.get(prefix) ?? new Holes(engine, prefix)
    all.set(prefix, holes)
    return holes
  }

  /** Knows the hole from now on. */
  note(hole: Hole): void {
    this.#known.delete(hole.id)
    this.#known.set(hole.id, hole)
    const [oldest] = this.#known.keys()
    if (this.#known.size > MAX_HOLES && oldest !== undefined) this.#known.delete(oldest)
  }

  get(id: string): Hole | undefined {
    return this.#known.get(id)
  }

  /** Can all of them be filled here, `inFront` of the framework if need be? */
  know(places: readonly Pick<HolePlace, 'id'>[], inFront = false): boolean {
    return places.every(({ id }) => {
      const hole = this.#known.get(id)
      return id === NONCE || (hole !== undefined && (hole.front || !inFront))
    })
  }

  /** What fills each of these holes for one visitor, each asked once. A hole that is not known is filled with nothing. */
  fillings(places: readonly HolePlace[], nonce: string, visit: unknown): ReadonlyMap<string, Filling> {
    const fillings = new Map<string, Filling>()
    for (const { id } of places) {
      if (fillings.has(id)) continue
      const hole = this.#known.get(id)
      fillings.set(id, id === NONCE ? Buffer.from(nonce) : hole === undefined ? NOTHING : this.filling(hole, visit))
    }
    return fillings
  }

  /** What fills the hole for a visitor; its fallback if that fails or takes too long, which is announced. */
  filling(hole: Hole, visit: unknown): Filling {
    try {
      const made = this.#apart(() => hole.fill(visit))
      return isThenable(made) ? this.#awaited(hole, Promise.resolve(made)) : bytesOf(hole, made)
    } catch (error) {
      return this.#instead(hole, error)
    }
  }

  async #awaited(hole: Hole, made: Promise<unknown>): Promise<Buffer> {
    try {
      const first = await patiently(
        made.then(value => ({ value })),
        hole.timeoutMs,
        undefined,
        true,
      )
      if (first === undefined) throw new CacheError('ERR_CACHE_HOLE', `The hole ${shown(hole.name)} took longer than ${hole.timeoutMs} ms`)
      return bytesOf(hole, first.value)
    } catch (error) {
      return this.#instead(hole, error)
    }
  }

  #instead(hole: Hole, error: unknown): Buffer {
    this.#engine.announce.error('hole', this.#prefix + hole.name, error)
    return hole.fallback
  }

  /** What is read for one visitor is nothing that the page depends on. */
  #apart<T>(work: () => T): T {
    const { scopes } = this.#engine
    if (scopes.current === undefined) return work()
    const scope = new Scope()
    try {
      return scopes.run(scope, work)
    } finally {
      scopes.close(scope)
    }
  }
}

const NOTHING = Buffer.alloc(0)

/** @throws {ConfigError} for a name, a function or an option that cannot be */
export function checkedHole({ name, fill, options }: AskedHole): Hole {
  if (typeof name !== 'string' || name === '')
    throw new ConfigError(`Expected the name of a hole to be a string that is not empty, got ${shown(name)}`)
  // Without it, whatever it returns is of the visitor for whom the handler ran, and would fill the hole for all.
  if (typeof fill !== 'function' || fill.length === 0)
    throw new ConfigError(`Expected the hole ${shown(name)} to have a function of the request, got ${shown(fill)}`)
  const { fallback = '', timeout = '10s', front = false } = checkedOptions(options, 'hole()', ['fallback', 'timeout', 'front'])
  if (typeof fallback !== 'string' && !Buffer.isBuffer(fallback))
    throw new ConfigError(`Expected \`fallback\` to be a string or a Buffer, got ${shown(fallback)}`)
  return {
    id: `${name}.${hash('sha256', String(fill), 'base64url').slice(0, 16)}`,
    name,
    fill: fill as HoleFiller<unknown>,
    fallback: Buffer.from(fallback),
    timeoutMs: milliseconds(timeout, 'timeout'),
    front: flagOf(front, 'front'),
  }
}

function bytesOf({ name }: Hole, made: unknown): Buffer {
  if (typeof made === 'string') return Buffer.from(made)
  if (Buffer.isBuffer(made)) return made
  throw new CacheError('ERR_CACHE_HOLE', `Expected the hole ${shown(name)} to be filled with a string or a Buffer, got ${shown(made)}`)
}

function isThenable(made: unknown): made is PromiseLike<unknown> {
  return typeof (made as { readonly then?: unknown } | null | undefined)?.then === 'function'
}
