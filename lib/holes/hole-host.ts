import type { Engine } from '../cache/engine.js'
import { ConfigError } from '../errors.js'
import { Ambient } from '../scope/ambient.js'
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
  /** Has a text been given marks of this one, or of what it is in? */
  hasMarked(text: string | Buffer): boolean
}

const hosts = new WeakMap<Scope, HoleHost>()

/** From now on holes that are made in the work of the scope are made in this. */
export function hostHoles(scope: Scope, host: HoleHost): void {
  hosts.set(scope, host)
}

/** What holes can be made in by the work in progress, if there is anything. */
export function hostOf(engine: Engine): HoleHost | undefined {
  const { current } = engine.scopes
  if (current !== undefined) return hosts.get(current)
  return around.get(engine)?.get() ?? (running?.engine === engine ? running.hostFor() : undefined)
}

/** The same, where there has to be something. @throws {ConfigError} */
export function hostHere(engine: Engine): HoleHost {
  const host = hostOf(engine)
  if (host !== undefined) return host
  throw new ConfigError(
    engine.scopes.current === undefined
      ? 'cache.hole() needs a page: call it in a handler under cachePage() or before its first await, or call req.cache.hole(), ctx.cache.hole()'
      : 'A hole cannot be inside of a value or a function that is kept by itself: make it in the handler or in a fragment, around what is kept',
  )
}

/** What is around work that nothing is kept of, as long as that is going on. */
const around = new WeakMap<Engine, Ambient<HoleHost>>()

/** The same until it waits for something, which costs nobody anything. */
let running: { readonly engine: Engine; readonly hostFor: () => HoleHost } | undefined

/** From now on holes find their page also when a handler that is under no policy has waited for something, which costs each request a little. */
export function expectHoles(engine: Engine): void {
  if (!around.has(engine)) around.set(engine, new Ambient())
}

/** Runs what is under no policy so that holes find the host: until it waits for something, or as long as it goes on, where they are expected. */
export function runAround<T>(engine: Engine, hostFor: () => HoleHost, run: () => T): T {
  const expecting = around.get(engine)
  if (expecting !== undefined) return expecting.run(hostFor(), run)
  const outer = running
  running = { engine, hostFor }
  try {
    return run()
  } finally {
    running = outer
  }
}
