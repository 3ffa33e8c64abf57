import { touches, type Purge, type Subject } from '../journal/purge.js'

/** How a flight ended, for those who waited for it. */
export type Landing<Cargo extends Subject> =
  /** Loaded: `cargo` is an answer for everybody who joined before any purge that touches it. */
  | { readonly state: 'loaded'; readonly cargo: Cargo }
  /** The load failed; its error is everybody's. */
  | { readonly state: 'failed'; readonly error: unknown }
  /** There is an answer, but it is the leader's alone: everybody loads for himself. */
  | { readonly state: 'unshared'; readonly reason: string }
  /** The leader gave up without an answer: the first who asks again leads. */
  | { readonly state: 'abandoned' }

/** What a follower gets: `touched` if a purge came between the start of the load and the follower. */
export type Joined<Cargo extends Subject> = Landing<Cargo> | { readonly state: 'touched' }

/** More purges than this while one load is under way, and nobody else joins it: comparing would cost more than it saves. */
const MAX_PURGES_HEARD = 1_000

/** One load under way, and those who wait for it. */
export class Flight<Cargo extends Subject> implements Subject {
  readonly key: string
  /** What is known so far of what the load depends on; it grows while the load runs. */
  readonly tags: ReadonlySet<string>
  /** Under what it is counted, once somebody has said. */
  name: string | undefined
  readonly #purges: Purge[]
  #landed = false
  /** What whoever joins is answered with at once. */
  #offered: Landing<Cargo> | undefined
  /** Only where somebody waits, and until it has landed: the flight itself may be collected much later, and is not to hold its cargo so long. */
  #landing: Promise<Landing<Cargo>> | undefined
  #resolve: ((landing: Landing<Cargo>) => void) | undefined

  constructor(key: string, tags: ReadonlySet<string>, purges: readonly Purge[] = []) {
    this.key = key
    this.tags = tags
    this.#purges = [...purges]
  }

  get landed(): boolean {
    return this.#landed
  }

  /**
   * Waits for the landing. The purges heard before the join decide whether the cargo is an answer to this follower, who may have asked
   * *because* of one of them; a later purge does not matter, for it came after the question [joincheck]. Who comes after the landing is to ask again.
   */
  async join(): Promise<Joined<Cargo>> {
    const before = this.#purges.length
    const landing = await this.#awaited()
    if (landing.state !== 'loaded') return landing
    return this.#purges.slice(0, before).some(purge => touches(purge, landing.cargo)) ? { state: 'touched' } : landing
  }

  /** Can somebody who asks from now on still be answered by this flight? Not if a purge has touched it. */
  get joinable(): boolean {
    return this.#purges.length <= MAX_PURGES_HEARD && !this.#purges.some(purge => touches(purge, this))
  }

  /** Notes a purge. Returns false when nobody who asks from now on can be answered by this flight. */
  hear(purge: Purge): boolean {
    this.#purges.push(purge)
    return this.#purges.length <= MAX_PURGES_HEARD && !touches(purge, this)
  }

  /** The same load under another key: whoever joins it came after every purge that this flight has heard. */
  successor(key: string): Flight<Cargo> {
    const successor = new Flight<Cargo>(key, this.tags, this.#purges)
    successor.name = this.name
    return successor
  }

  /** Answers those who wait, and whoever joins before the landing, with something else; the flight goes on. */
  offer(cargo: Cargo): void {
    if (this.#landed) return
    this.#offered = { state: 'loaded', cargo }
    this.#resolve?.(this.#offered)
  }

  /** Ends the flight. Only the first landing counts. */
  land(landing: Landing<Cargo>): void {
    this.#landed = true
    this.#resolve?.(landing)
    this.#offered = this.#landing = this.#resolve = undefined
  }

  #awaited(): Landing<Cargo> | Promise<Landing<Cargo>> {
    if (this.#landed) return { state: 'abandoned' }
    if (this.#offered !== undefined) return this.#offered
    this.#landing ??= new Promise(resolve => {
      this.#resolve = resolve
    })
    return this.#landing
  }
}

/** The flights of this process: at most one for a key that newcomers may join. */
export class Flights<Cargo extends Subject> {
  readonly #open = new Map<string, Flight<Cargo>>()

  get size(): number {
    return this.#open.size
  }

  /** The flight to join, if there is one. */
  find(key: string): Flight<Cargo> | undefined {
    return this.#open.get(key)
  }

  /** Opens a flight for the caller to lead; `tags` is the caller's, and may grow. */
  open(key: string, tags: ReadonlySet<string>, name?: string): Flight<Cargo> {
    const flight = new Flight<Cargo>(key, tags)
    flight.name = name
    this.#open.set(key, flight)
    return flight
  }

  /** Lets nobody join the flight any more; who waits for it goes on waiting. */
  shut(key: string): void {
    this.#open.delete(key)
  }

  /** Ends a flight, so that those who wait go on and those who come find no flight. */
  land(flight: Flight<Cargo>, landing: Landing<Cargo>): void {
    if (this.#open.get(flight.key) === flight) this.#open.delete(flight.key)
    flight.land(landing)
  }

  /** The load turns out to be of another key: those who wait ask again, and may join it there, whatever became of the old key. */
  move(flight: Flight<Cargo>, key: string): Flight<Cargo> {
    const successor = flight.successor(key)
    if (successor.joinable && !this.#open.has(key)) this.#open.set(key, successor)
    this.land(flight, { state: 'abandoned' })
    return successor
  }

  /** Tells every open flight of a purge. Those it touches go on for their followers, but nobody joins them any more. */
  hear(purge: Purge): void {
    for (const [key, flight] of this.#open) if (!flight.hear(purge)) this.#open.delete(key)
  }
}
