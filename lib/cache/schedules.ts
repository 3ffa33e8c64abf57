import { hash } from 'node:crypto'
import { ConfigError, shown } from '../errors.js'
import { INSTANT_OPTIONS, instantsOf, type InstantOptions } from '../freshness/instants.js'
import { OWN } from '../keys/names.js'
import { checkedOptions, functionOf } from '../options.js'
import { ScheduleMark } from './schedule-mark.js'
import { RunningSchedule, type Scheduled } from './scheduled.js'
import type { Space } from './space.js'
import { purgesFor, type Target } from './targets.js'

/** What is done at the instants of a schedule. */
export interface ScheduleOptions extends InstantOptions {
  /** What is purged, at each instant. */
  readonly invalidate?: Target
  /**
   * What is called after that, to load anew what will be asked for. Not called while an earlier call in this process is still under way. What
   * it throws is announced by the signal `error`, and the schedule goes on.
   */
  readonly warm?: () => unknown
  /**
   * Tells it from the other schedules of the namespace, and is the same in every process.
   * @default made of all the other options, functions by their text
   */
  readonly name?: string
}

/** The schedules of a cache that act in this process. */
export class Schedules {
  readonly #running = new Map<string, RunningSchedule>()

  /** @throws {ConfigError} or {KeyError} for an option that cannot be */
  add(space: Space, options: ScheduleOptions): Scheduled {
    const { name, invalidate, warm, ...instants } = checkedOptions(options, 'schedule()', [
      ...INSTANT_OPTIONS,
      'invalidate',
      'warm',
      'name',
    ])
    const schedule = instantsOf(instants)
    if (schedule === undefined) throw new ConfigError('Expected `cron` or `invalidateAt` for schedule()')
    if (invalidate === undefined && warm === undefined)
      throw new ConfigError('Expected `invalidate` or `warm` for schedule(), or there is nothing to do')
    const warmUp = functionOf(warm, 'warm')
    if (invalidate !== undefined) purgesFor(invalidate as Target, { within: space.prefix, soft: false, permanent: false, at: 0 })
    const named = checkedName(name) ?? digestOf(instants, invalidate, warm)
    space.assertOpen()
    const key = `${space.prefix}${OWN}schedule ${named}`
    if (this.#running.has(key)) throw new ConfigError(`There is a schedule ${shown(named)} already: give one of them another \`name\``)
    const { clock, door, announce } = space.engine
    const running = new RunningSchedule(named, schedule, new ScheduleMark(door, clock, key, schedule), {
      now: () => clock.now(),
      alarm: (at, ring) => clock.alarm(at, ring),
      purge: async () => {
        if (invalidate !== undefined) await space.purge(invalidate as Target, { why: 'schedule' })
      },
      warm: async () => {
        await warmUp?.()
      },
      failed: (operation, error) => announce.error(operation, space.prefix + named, error),
      stopped: () => void this.#running.delete(key),
    })
    this.#running.set(key, running)
    return running
  }

  /** Those of a namespace alone, the next to come first. */
  list({ prefix }: Space): readonly Scheduled[] {
    const own = [...this.#running].filter(([key]) => key.startsWith(`${prefix}${OWN}schedule `)).map(([, running]) => running)
    return own.toSorted((a, b) => a.next.getTime() - b.next.getTime())
  }

  stop(): void {
    for (const running of [...this.#running.values()]) running.stop()
  }
}

function checkedName(name: unknown): string | undefined {
  if (name === undefined || (typeof name === 'string' && name !== '')) return name
  throw new ConfigError(`Expected the \`name\` of a schedule to be a string that is not empty, got ${shown(name)}`)
}

function digestOf(instants: object, invalidate: unknown, warm: unknown): string {
  const text = JSON.stringify([instants, invalidate ?? null, typeof warm === 'function' ? warm.toString() : null])
  return hash('sha256', text, 'base64url').slice(0, 16)
}
