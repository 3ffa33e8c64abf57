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

/** The scope that work runs in, and those of other caches around it. */
interface Frame {
  readonly scopes: Scopes
  readonly scope: Scope
  readonly outer: Frame | undefined
}

/** One for all caches: each storage that was ever used costs every promise of the process, for good. */
const storage = new AsyncLocalStorage<Frame>()

/** Finds the scope of the work in progress through `await`, timers and callbacks. */
export class Scopes {
  #used = false

  get current(): Scope | undefined {
    if (!this.#used) return undefined
    let frame = storage.getStore()
    while (frame !== undefined && frame.scopes !== this) frame = frame.outer
    return frame?.scope
  }

  run<T>(scope: Scope, work: () => T): T {
    this.#used = true
    const around = storage.getStore()
    return storage.run({ scopes: this, scope, outer: around?.scopes === this ? around.outer : around }, work)
  }
}
