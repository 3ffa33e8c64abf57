import type { ServerResponse } from 'node:http'
import type { Engine } from '../cache/engine.js'
import type { AskedHole } from '../cache/hole-makers.js'
import { ConfigError } from '../errors.js'
import { Scope } from '../scope/scope.js'
import { heedDrain } from '../responses/drain-listeners.js'
import { errands } from './errand.js'
import { HoledResponse, holedOf, holeResponse } from '../responses/holed-response.js'
import { Holes } from '../responses/holes.js'
import { observe, watchOf, type ResponseObserver } from '../responses/observe.js'
import { recordingOf } from '../responses/response-recorder.js'
import { uponClose } from '../responses/upon-close.js'

/** What a hole is made in: the response of one visitor. */
export interface Visited {
  readonly response: ServerResponse
  readonly visit: unknown
  /** Told of the first hole, where the framework itself has the body in hand. */
  holed?(holed: HoledResponse): void
}

/** The pages whose handlers run in these scopes; `undefined` once they have been answered. */
const handled = new WeakMap<Scope, Visited | undefined>()

/** Responses by whose policy a validator leaves the holes out. */
const masked = new WeakSet<ServerResponse>()

interface Pages {
  readonly engine: Engine
  readonly page: { readonly maskedETag: boolean }
}

/**
 * Runs a handler so that `cache.hole()` finds its page.
 * @param recorded the scope of its recording; none if nothing of it will be kept
 */
export function runUnder<T>({ engine, page }: Pages, visited: Visited, recorded: Scope | undefined, run: () => T): T {
  const scope = recorded ?? new Scope()
  handled.set(scope, visited)
  if (page.maskedETag && recorded !== undefined) masked.add(visited.response)
  uponClose(visited.response, () => {
    handled.set(scope, undefined)
    if (recorded === undefined) engine.scopes.close(scope)
  })
  return engine.scopes.run(scope, run)
}

/** Makes a hole in the page whose handler runs in the work in progress. @throws {ConfigError} if there is none */
export function makeHoleHere(engine: Engine, prefix: string, asked: AskedHole | undefined): string {
  const { current } = engine.scopes
  if (current === undefined)
    throw new ConfigError('cache.hole() needs a page: call it in a handler under cachePage(), or call req.cache.hole(), ctx.cache.hole()')
  if (!handled.has(current)) throw insideOfKept()
  const visited = handled.get(current)
  if (visited === undefined) throw tooLate()
  return makeHole(engine, prefix, visited, asked)
}

/**
 * Makes a hole in a response, or a nonce where none is asked for.
 * @returns what is to stand in its place in the body
 * @throws {ConfigError} for a hole that cannot be, inside of something else that is kept, and once the head has left
 */
export function makeHole(engine: Engine, prefix: string, visited: Visited, asked: AskedHole | undefined): string {
  const { response } = visited
  const { current } = engine.scopes
  if (current !== undefined && !handled.has(current)) throw insideOfKept()
  const holes = Holes.of(engine, prefix)
  const hole = asked && holes.make(asked.name, asked.fill, asked.options)
  const holed = holedOf(response) ?? holedBy(visited, holes)
  if (holed.begun || response.headersSent) throw tooLate()
  return hole === undefined ? holed.markNonce() : holed.mark(hole)
}

function holedBy(visited: Visited, holes: Holes): HoledResponse {
  const { response, visit } = visited
  const holed = new HoledResponse(holes, errands.has(response.req) ? undefined : visit, masked.has(response), heedDrain(response))
  const watch = watchOf(response)
  if (watch?.isNext() !== true) {
    // Who has wrapped the response in between would get the marks, and what is kept would have been through its hands.
    recordingOf(response)?.refuse('hole-wrapped')
    observe(response, FILLING_ALONE)
  }
  holeResponse(response, holed)
  visited.holed?.(holed)
  return holed
}

function tooLate(): ConfigError {
  return new ConfigError('A hole has to be made before the head of its page leaves')
}

function insideOfKept(): ConfigError {
  return new ConfigError('A hole cannot be inside of a fragment, a function or a value that is kept by itself: it is of a page alone')
}

/** Keeps nothing. */
const FILLING_ALONE: ResponseObserver = {
  head: () => undefined,
  chunk: () => {},
  trailers: () => {},
  end: () => {},
}
