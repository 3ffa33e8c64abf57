import type { Engine } from '../cache/engine.js'
import { ConfigError } from '../errors.js'
import type { Scope } from '../scope/scope.js'
import type { Hole } from './holes.js'

/** What can have holes, while it is made: the response to one visitor, or a fragment. */
export interface HoleHost {
  /**
   * @param hole none for the nonce
   * @returns what is to stand in the text where the hole is
   * @throws {ConfigError} if it is too late
   */
  mark(hole: Hole | undefined): string
  /** Has a text been given marks of this one? */
  hasMarked(text: string | Buffer): boolean
}

const hosts = new WeakMap<Scope, HoleHost>()

/** From now on holes that are made in the work of the scope are made in this. */
export function hostHoles(scope: Scope, host: HoleHost): void {
  hosts.set(scope, host)
}

/** What holes can be made in by the work in progress, if there is anything. */
export function hostOf({ scopes: { current } }: Engine): HoleHost | undefined {
  return current && hosts.get(current)
}

/** The same, where there has to be something. @throws {ConfigError} */
export function hostHere(engine: Engine): HoleHost {
  const host = hostOf(engine)
  if (host !== undefined) return host
  throw new ConfigError(
    engine.scopes.current === undefined
      ? 'cache.hole() needs a page: call it in a handler under cachePage(), or call req.cache.hole(), ctx.cache.hole()'
      : 'A hole cannot be inside of a value or a function that is kept by itself: make it in the handler or in a fragment, around what is kept',
  )
}

const expecting = new WeakSet<Engine>()

/** From now on holes are to be found a page for in handlers that are under no policy as well, which costs each request a little. */
export function expectHoles(engine: Engine): void {
  expecting.add(engine)
}

export function expectsHoles(engine: Engine): boolean {
  return expecting.has(engine)
}
