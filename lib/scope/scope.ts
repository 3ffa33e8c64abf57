import { AsyncLocalStorage } from 'node:async_hooks'

/** What a scope learns from an entry that was read inside it. */
interface Part {
  readonly tags: readonly string[]
  readonly staleAt: number
}

/** What the work in progress depends on: the tags and the lifetime that whatever is made of it inherits. */
export class Scope {
  readonly tags: Set<string>
  /** The earliest end of freshness among the parts (epoch ms). */
  staleAt = Infinity
  /** Once true, the result is kept by nobody. */
  never = false

  constructor(tags: readonly string[] = []) {
    this.tags = new Set(tags)
  }

  /** Takes on the tags and the lifetime of a part. */
  include(part: Part): void {
    for (const tag of part.tags) this.tags.add(tag)
    if (part.staleAt < this.staleAt) this.staleAt = part.staleAt
  }
}

/** Finds the scope of the work in progress through `await`, timers and callbacks. */
export class Scopes {
  readonly #storage = new AsyncLocalStorage<Scope>()
  #used = false

  get current(): Scope | undefined {
    return this.#used ? this.#storage.getStore() : undefined
  }

  run<T>(scope: Scope, work: () => T): T {
    this.#used = true
    return this.#storage.run(scope, work)
  }
}
