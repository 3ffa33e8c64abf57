/** What was made ready of an entry that is at hand, to be let go of with it. */
export interface Attached {
  /** How often it was served in the entry's stead. */
  readonly hits: number
  /** Whether it may be served yet. */
  readonly live: boolean
  drop(): void
}

/** A kept value with its instants. Instants are epoch ms; durations are ms. */
export interface Entry {
  readonly key: string
  readonly value: unknown
  /** Whether readers may be handed `value` itself; otherwise each is given a copy. */
  readonly shareable: boolean
  readonly tags: readonly string[]
  /** When the load ended and the value was kept. */
  readonly createdAt: number
  /** How long the load took. */
  readonly loadMs: number
  /** How long past `staleAt` it may be served while it is refreshed. */
  readonly graceMs: number
  /** How long past `staleAt` it may be served when a load fails. */
  readonly staleIfErrorMs: number
  /** An estimate of what it occupies, for stores that are bounded. A store adds to it when the entry grows. */
  bytes: number
  /** Fresh before this instant. A store brings it forward when a soft purge touches the entry. */
  staleAt: number
  /**
   * The journal's position up to which the value is known to be good: first that read before its load began. A store moves it on when it
   * has compared the entry with later purges and found it untouched.
   */
  position: number
  /** How often it was served fresh in this process. */
  hits: number
  attached: Attached | undefined
  /** Under what it is counted, if anybody in this process has said: the route of a page, the name of a function. */
  name: string | undefined
}

/** The instant from which the entry serves nobody. */
export function deleteAt(entry: Entry): number {
  return entry.staleAt + Math.max(entry.graceMs, entry.staleIfErrorMs)
}
