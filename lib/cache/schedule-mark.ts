import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import type { Schedule } from '../freshness/schedule.js'
import type { Clock } from '../time/clock.js'
import type { FillLease } from '../stores/store.js'
import type { StoreDoor } from './store-door.js'

/** What one look at a mark says. */
export type Look =
  /** Nothing is to be done: the last instant is done, or another process is at it. */
  | { readonly state: 'done' | 'busy' }
  /** An instant has passed and is not done, and nobody but the caller may do it now. */
  | { readonly state: 'due'; readonly turn: Turn }
  /** There is no mark: nothing was ever done, or the store has forgotten it. */
  | { readonly state: 'unknown'; readonly turn: Turn }

/** The right to do what is due. To be ended by `done` or `giveBack`. */
export interface Turn {
  readonly lease: FillLease
  readonly position: number
}

/**
 * The mark that a schedule's last instant is done, for all processes: an entry that is fresh until the next instant. So the store's right to fill
 * what is not fresh is the right to do what is due, given to one process at a time, and passed on if that dies.
 */
export class ScheduleMark {
  readonly #door: StoreDoor
  readonly #clock: Clock
  readonly #key: string
  readonly #schedule: Schedule

  constructor(door: StoreDoor, clock: Clock, key: string, schedule: Schedule) {
    this.#door = door
    this.#clock = clock
    this.#key = key
    this.#schedule = schedule
  }

  /** @throws {StoreError} */
  async look(): Promise<Look> {
    const { entry, lease, position } = await this.#door.read(this.#key, true)
    const verdict = entry === undefined ? 'gone' : judge(entry, this.#clock.now())
    if (verdict === 'fresh') return { state: 'done' }
    if (lease === undefined) return { state: 'busy' }
    return { state: verdict === 'gone' ? 'unknown' : 'due', turn: { lease, position } }
  }

  /** @returns whether it is marked; if not, another has or will. @throws {StoreError} */
  async done({ lease, position }: Turn): Promise<boolean> {
    const createdAt = this.#clock.now()
    const entry: Entry = {
      key: this.#key,
      value: null,
      shareable: true,
      tags: [],
      createdAt,
      loadMs: 0,
      // After a downtime, however long, it tells what was done last.
      graceMs: Infinity,
      staleIfErrorMs: 0,
      bytes: MARK_BYTES + 2 * this.#key.length,
      staleAt: this.#schedule(createdAt),
      position,
      hits: 0,
      attached: undefined,
      name: undefined,
    }
    return (await this.#door.fill(entry, lease, false)) === undefined
  }

  giveBack({ lease }: Turn): Promise<void> {
    return this.#door.release(this.#key, lease)
  }
}

const MARK_BYTES = 200
