import type { ServerResponse } from 'node:http'
import type { Engine } from '../cache/engine.js'
import { ConfigError } from '../errors.js'
import { hostHere, hostHoles, type HoleHost } from '../holes/hole-host.js'
import { checkedHole, Holes, type Hole } from '../holes/holes.js'
import type { AskedHole } from '../holes/hole-options.js'
import { Scope } from '../scope/scope.js'
import { heedDrain } from '../responses/drain-listeners.js'
import { errands } from './errand.js'
import { HoledResponse, holedOf, holeResponse } from '../responses/holed-response.js'
import { observe, watchOf, type ResponseObserver } from '../responses/observe.js'
import { recordingOf } from '../responses/response-recorder.js'
import { isClosed, uponClose } from '../responses/upon-close.js'

/** What a hole is made in: the response of one visitor. */
export interface Visited {
  readonly response: ServerResponse
  readonly visit: unknown
  /** Told of the first hole, where the framework itself has the body in hand. */
  holed?(holed: HoledResponse): void
}

/** Responses by whose policy a validator leaves the holes out. */
const masked = new WeakSet<ServerResponse>()

/** In which space a page is. */
interface Pages {
  readonly engine: Engine
  readonly prefix: string
}

/**
 * Runs a handler so that `cache.hole()` finds its page.
 * @param recorded the scope of its recording; none if nothing of it will be kept
 */
export function runUnder<T>(
  pages: Pages & { readonly page: { readonly maskedETag: boolean } },
  visited: Visited,
  recorded: Scope | undefined,
  run: () => T,
): T {
  const { scopes } = pages.engine
  const scope = recorded ?? new Scope()
  const page = new HoledPage(pages, visited)
  hostHoles(scope, page)
  scope.lasts = over => page.lasts(over)
  if (pages.page.maskedETag && recorded !== undefined) masked.add(visited.response)
  const over = () => {
    page.close()
    if (recorded === undefined) scopes.close(scope)
  }
  // Its visitor may have gone while something was waited for.
  if (isClosed(visited.response)) over()
  else uponClose(visited.response, over)
  return scopes.run(scope, run)
}

/**
 * Makes a hole in a response, or a nonce where none is asked for.
 * @returns what is to stand in its place in the body
 * @throws {ConfigError} for a hole that cannot be, inside of a value or a function that is kept, and once the head has left
 */
export function makeHoleIn(pages: Pages, visited: Visited, asked: AskedHole | undefined): string {
  const host = pages.engine.scopes.current && hostHere(pages.engine)
  const inFragment = host !== undefined && !(host instanceof HoledPage)
  return (inFragment ? host : new HoledPage(pages, visited)).mark(asked && checkedHole(asked))
}

/** The response to one visitor, in which there can be holes until its head leaves. */
export class HoledPage implements HoleHost {
  readonly #pages: Pages
  #visited: Visited | undefined

  constructor(pages: Pages, visited: Visited) {
    this.#pages = pages
    this.#visited = visited
  }

  mark(hole: Hole | undefined): string {
    const visited = this.#visited
    if (visited === undefined || visited.response.headersSent) throw tooLate()
    const holes = Holes.of(this.#pages.engine, this.#pages.prefix)
    const holed = holedOf(visited.response) ?? holedBy(visited, holes)
    if (holed.begun) throw tooLate()
    if (hole === undefined) return holed.markNonce()
    holes.note(hole)
    return holed.mark(hole)
  }

  hasMarked(text: string | Buffer): boolean {
    return this.#visited !== undefined && holedOf(this.#visited.response)?.hasMarked(text) === true
  }

  /** Can there be holes yet, though it will not be kept? If so, calls back when it is over. */
  lasts(over: () => void): boolean {
    const response = this.#visited?.response
    if (response === undefined || response.headersSent || isClosed(response)) return false
    uponClose(response, over)
    return true
  }

  /** The response has closed. */
  close(): void {
    this.#visited = undefined
  }
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

/** Keeps nothing. */
const FILLING_ALONE: ResponseObserver = {
  head: () => undefined,
  chunk: () => {},
  trailers: () => {},
  end: () => {},
}
