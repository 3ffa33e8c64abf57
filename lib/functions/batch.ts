import type { Engine } from '../cache/engine.js'
import { CacheError, shown } from '../errors.js'
import { Scope } from '../scope/scope.js'

type Calls = readonly (readonly unknown[])[]

/** One call of the batch loader, and which of its results is meant. */
interface Share {
  readonly results: Promise<readonly unknown[]>
  readonly scope: Scope
  readonly place: number
}

/**
 * Gathers the calls that have to be loaded, and loads them at once: when of every call it is known whether it has to be, or waits for somebody
 * else's load. A call that comes to be loaded after that is loaded by itself.
 */
export class Batch {
  readonly #engine: Engine
  readonly #loadMany: (calls: Calls) => unknown
  readonly #undecided: Set<number>
  #asked: { readonly call: readonly unknown[]; readonly give: (share: Share) => void }[] = []

  constructor(engine: Engine, loadMany: (calls: Calls) => unknown, size: number) {
    this.#engine = engine
    this.#loadMany = loadMany
    this.#undecided = new Set(Array.from({ length: size }, (_, index) => index))
  }

  /** What is known of a call: it is answered, or waits for somebody else. */
  decided(index: number): void {
    this.#undecided.delete(index)
    if (this.#undecided.size === 0) this.#load()
  }

  /** Loads a call, with others. What the load of all depends on, each does. */
  async load(index: number, call: readonly unknown[]): Promise<unknown> {
    const share = new Promise<Share>(give => {
      this.#asked.push({ call, give })
    })
    this.decided(index)
    const { results, scope, place } = await share
    try {
      const result = (await results)[place]
      if (result instanceof Error) throw result
      return result
    } finally {
      this.#engine.inherit(scope)
    }
  }

  #load(): void {
    const asked = this.#asked
    this.#asked = []
    if (asked.length === 0) return
    const scope = new Scope()
    const results = this.#results(
      scope,
      asked.map(({ call }) => call),
    )
    for (const [place, { give }] of asked.entries()) give({ results, scope, place })
  }

  async #results(scope: Scope, calls: Calls): Promise<readonly unknown[]> {
    try {
      const results = await this.#engine.scopes.run(scope, async () => this.#loadMany(calls))
      if (Array.isArray(results) && results.length === calls.length) return results as unknown[]
      const got = Array.isArray(results) ? String(results.length) : shown(results)
      throw new CacheError('ERR_CACHE_BATCH', `Expected \`loadMany\` to bring ${calls.length} results, got ${got}`)
    } finally {
      this.#engine.scopes.close(scope)
    }
  }
}
