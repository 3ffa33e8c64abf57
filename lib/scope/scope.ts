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
  /** Once true, nothing is collected any more. */
  closed = false
  /** Asked when it is closed: does somebody have to find it still? Who does calls back when that is over. */
  lasts: ((over: () => void) => boolean) | undefined

  readonly #outer: Scope | undefined

  /** @param outer the scope of the work that this one is a part of */
  constructor(tags: readonly string[] = [], outer?: Scope) {
    this.tags = new Set(tags)
    this.#outer = outer
  }

  /** Is this the work that collects `tags`, or a part of it? */
  isWithin(tags: ReadonlySet<string>): boolean {
    return this.tags === tags || this.#outer?.isWithin(tags) === true
  }

  /** Takes on the tags and the lifetime of a part. */
  include(part: Part): void {
    for (const tag of part.tags) this.tags.add(tag)
    if (part.staleAt < this.staleAt) this.staleAt = part.staleAt
  }

  /** Takes on all that another scope has collected, whose result was fresh until `staleAt`. */
  take(part: Scope, staleAt: number): void {
    this.include({ tags: [...part.tags], staleAt })
    this.never ||= part.never
  }
}

/**
 * Finds the scope of the work in progress through `await`, timers and callbacks. While no scope is open nothing is tracked: on some versions of
 * Node tracking slows every promise and every request of the process.
 */
export class Scopes {
  readonly #storage = new AsyncLocalStorage<Scope>()
  readonly #open = new Set<Scope>()
  readonly #changed: ((open: boolean) => void) | undefined

  /** @param changed told when the first scope opens and when the last one closes */
  constructor(changed?: (open: boolean) => void) {
    this.#changed = changed
  }

  get current(): Scope | undefined {
    return this.#open.size === 0 ? undefined : this.#storage.getStore()
  }

  /** Runs the work in the scope, which stays open until it is closed. */
  run<T>(scope: Scope, work: () => T): T {
    if (scope.closed) return work()
    if (this.#open.size === 0) this.#changed?.(true)
    this.#open.add(scope)
    return this.#storage.run(scope, work)
  }

  /** What the scope has collected is used up: what its work still reads concerns nobody. */
  close(scope: Scope): void {
    if (scope.closed) return
    scope.closed = true
    if (scope.lasts?.(() => this.#end(scope)) !== true) this.#end(scope)
  }

  #end(scope: Scope): void {
    if (!this.#open.delete(scope) || this.#open.size > 0) return
    this.#storage.disable()
    this.#changed?.(false)
  }
}
