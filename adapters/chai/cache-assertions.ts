import { outcomeOf, statusIn, type PageOutcome } from './page-outcome.js'

declare global {
  // Merges with the types of chai, where a program has them.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Chai {
    interface Assertion {
      /** A response that was served from the cache, fresh. */
      readonly cacheHit: Assertion
      /** A response that was served from the cache, past its time. */
      readonly cacheStale: Assertion
      /** A response that a handler made, because nothing that could be served was kept. */
      readonly cacheMiss: Assertion
      /** A response for which the cache was not asked. */
      readonly cacheBypass: Assertion
    }
  }
}

/** What is used of chai, of any version. */
interface ChaiStatic {
  readonly Assertion: { readonly prototype: object }
}

interface ChaiUtils {
  addProperty(on: object, name: string, getter: (this: AnAssertion) => void): void
}

interface AnAssertion {
  readonly _obj: unknown
  assert(holds: unknown, message: string, negated: string, expected: unknown, actual: unknown): void
}

const ASSERTIONS: Readonly<Record<string, PageOutcome>> = {
  cacheHit: 'hit',
  cacheStale: 'stale',
  cacheMiss: 'miss',
  cacheBypass: 'bypass',
}

/**
 * A plugin for chai: `expect(response).to.be.a.cacheHit`, `cacheStale`, `cacheMiss`, `cacheBypass`, by what the response says in `Cache-Status`. It takes
 * responses of `fetch`, supertest and Node.
 * @example
 * use(cacheAssertions)
 * expect(await fetch(url)).to.be.a.cacheMiss
 * expect(await fetch(url)).to.be.a.cacheHit
 */
export function cacheAssertions({ Assertion }: ChaiStatic, { addProperty }: ChaiUtils): void {
  for (const [name, expected] of Object.entries(ASSERTIONS)) {
    addProperty(Assertion.prototype, name, function () {
      const status = statusIn(this._obj)
      const outcome = status === undefined ? undefined : outcomeOf(status)
      const said = status === undefined ? 'it has no Cache-Status of smart-cache' : `it says "${status}"`
      this.assert(
        outcome === expected,
        `expected the response to be a cache ${expected}, but ${said}`,
        `expected the response not to be a cache ${expected}, but ${said}`,
        expected,
        outcome,
      )
    })
  }
}
