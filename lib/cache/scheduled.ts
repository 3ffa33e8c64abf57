import type { Schedule } from '../freshness/schedule.js'
import type { Look, ScheduleMark } from './schedule-mark.js'

/** A schedule that acts. */
export interface Scheduled {
  readonly name: string
  /** The next instant. */
  readonly next: Date
  /** Ends it in this process. */
  stop(): void
}

/** What a schedule does, and what it needs to know when. */
export interface Deeds {
  readonly now: () => number
  /** Calls `ring` at the instant, unless the returned function was called before. */
  readonly alarm: (at: number, ring: () => void) => () => void
  /** Once for each instant, unless the process dies meanwhile: then perhaps once more. */
  readonly purge: () => Promise<void>
  /** Once for each instant at most. */
  readonly warm: () => Promise<void>
  readonly failed: (operation: 'schedule' | 'warm', error: unknown) => void
  readonly stopped: () => void
}

/** After this long (ms) it is tried again, if the store failed or another process was at it. */
const AGAIN_MS = 10_000

/** Acts at each instant of a schedule: the first process that comes to it, for all. */
export class RunningSchedule implements Scheduled {
  readonly name: string
  readonly #schedule: Schedule
  readonly #mark: ScheduleMark
  readonly #deeds: Deeds
  #silence = () => {}
  #warming = false
  #stopped = false

  constructor(name: string, schedule: Schedule, mark: ScheduleMark, deeds: Deeds) {
    this.name = name
    this.#schedule = schedule
    this.#mark = mark
    this.#deeds = deeds
    void this.#act(true)
  }

  get next(): Date {
    return new Date(this.#schedule(this.#deeds.now()))
  }

  stop(): void {
    this.#stopped = true
    this.#silence()
    this.#deeds.stopped()
  }

  /** @param begins what was due before the first start of all is not to be made up for */
  async #act(begins: boolean): Promise<void> {
    let again = true
    try {
      const look = await this.#mark.look()
      again = 'turn' in look ? !(await this.#take(look, begins)) : look.state === 'busy'
    } catch (error) {
      if (!this.#stopped) this.#deeds.failed('schedule', error)
    }
    if (this.#stopped) return
    const now = this.#deeds.now()
    const next = this.#schedule(now)
    const ring = () => void this.#act(false)
    this.#silence = this.#deeds.alarm(again ? Math.min(now + AGAIN_MS, next) : next, ring)
  }

  /** @returns whether the instant is done */
  async #take({ state, turn }: Extract<Look, { turn: unknown }>, begins: boolean): Promise<boolean> {
    const due = state === 'due' || !begins
    try {
      // Then it is due to another process.
      if (this.#stopped) throw new Error('The schedule was stopped')
      if (due) await this.#deeds.purge()
    } catch (error) {
      await this.#mark.giveBack(turn)
      throw error
    }
    // Marked before it warms, which may take longer than any lease.
    const marked = await this.#mark.done(turn)
    if (marked && due && !this.#stopped) void this.#warm()
    return marked
  }

  async #warm(): Promise<void> {
    if (this.#warming) return
    this.#warming = true
    try {
      await this.#deeds.warm()
    } catch (error) {
      this.#deeds.failed('warm', error)
    } finally {
      this.#warming = false
    }
  }
}
