import { ConfigError, shown } from '../errors.js'
import { INSTANT_OPTIONS, instantsOf, type InstantOptions } from '../freshness/instants.js'
import { earliest, forTtl, jittered, type Schedule } from '../freshness/schedule.js'
import { checkName } from '../keys/names.js'
import { checkedOptions } from '../options.js'
import { milliseconds, type Duration } from '../time/duration.js'

/**
 * How long an entry lives, and what ends it sooner. The same words mean the same for a value as for a page. It is fresh until the first instant
 * that `ttl`, `invalidateAt` or `cron` names; the two latter mean the clocks of `timezone`.
 */
export interface PolicyOptions extends InstantOptions {
  /**
   * How long an entry is fresh. `0` is not at all.
   * @default '5m', or for as long as `invalidateAt` or `cron` says
   */
  readonly ttl?: Duration
  /**
   * How long after that it may be served stale, while one caller refreshes it behind everybody's back.
   * @default 0
   */
  readonly grace?: Duration
  /**
   * How long after it went stale it may be served when the load fails.
   * @default 0
   */
  readonly staleIfError?: Duration
  /**
   * Shortens each time that an entry is fresh by a random share of up to this (0 to 1), so that entries kept together do not expire together.
   * @default 0
   */
  readonly jitter?: number
  /**
   * Names to purge by.
   * @default []
   */
  readonly tags?: readonly string[]
}

export const POLICY_OPTIONS = ['ttl', ...INSTANT_OPTIONS, 'grace', 'staleIfError', 'jitter', 'tags'] as const

/** A policy as the engine uses it: checked, complete, in milliseconds. */
export interface Policy {
  readonly schedule: Schedule
  readonly graceMs: number
  readonly staleIfErrorMs: number
  readonly tags: readonly string[]
}

/** @throws {ConfigError} for a name or value that cannot be; {KeyError} for a tag that cannot be */
export function resolvePolicy(given: PolicyOptions | undefined, door: string): Policy {
  const { ttl, grace = 0, staleIfError = 0, jitter = 0, tags, ...instants } = checkedOptions(given, door, POLICY_OPTIONS)
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1)) {
    throw new ConfigError(`Expected \`jitter\` to be a share from 0 to 1, got ${shown(jitter)}`)
  }
  return Object.freeze({
    schedule: jittered(scheduleOf(ttl, instants), jitter, Math.random),
    graceMs: milliseconds(grace, 'grace'),
    staleIfErrorMs: milliseconds(staleIfError, 'staleIfError'),
    tags: checkedTags(tags),
  })
}

function scheduleOf(ttl: unknown, instants: Readonly<Record<string, unknown>>): Schedule {
  const atInstants = instantsOf(instants)
  if (atInstants === undefined) return forTtl(milliseconds(ttl === undefined ? '5m' : ttl, 'ttl'))
  return ttl === undefined ? atInstants : earliest([forTtl(milliseconds(ttl, 'ttl')), atInstants])
}

/** A copy of the tags, each once. @throws {ConfigError} unless it is an array; {KeyError} for a tag that cannot be */
export function checkedTags(tags: unknown): readonly string[] {
  if (tags === undefined) return []
  if (!Array.isArray(tags)) throw new ConfigError(`Expected \`tags\` to be an array of strings, got ${shown(tags)}`)
  return [...new Set(tags.map((tag: unknown) => (checkName(tag, 'tag'), tag)))]
}
