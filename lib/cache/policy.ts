import { ConfigError, shown } from '../errors.js'
import { INSTANT_OPTIONS, instantsOf, type InstantOptions } from '../freshness/instants.js'
import { earliest, forTtl, jittered, type Schedule } from '../freshness/schedule.js'
import { checkName } from '../keys/names.js'
import { checkedOptions, flagOf } from '../options.js'
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
   * A share of its ttl (0 to 1) after which a hit may start a refresh behind everybody's back: by chance, which rises to certainty at the end, so
   * that processes do not all refresh at once.
   * @default 1, never
   */
  readonly refreshAhead?: number
  /**
   * How long a load may take. After that it has failed with a `LoadTimeoutError`, for all who wait for it.
   * @default 'forever'
   */
  readonly loadTimeout?: Duration
  /**
   * How long callers wait for a load while there is an entry that could be served if it failed; after that they are served the entry, and the load
   * goes on behind their backs.
   * @default 'forever'
   */
  readonly softTimeout?: Duration
  /**
   * Shortens each time that an entry is fresh by a random share of up to this (0 to 1), so that entries kept together do not expire together.
   * @default 0
   */
  readonly jitter?: number
  /**
   * One load among all processes, where the store can. `false`: who finds that another process loads does not wait for it, but loads for himself, and keeps
   * nothing of that.
   * @default true
   */
  readonly lock?: boolean
  /**
   * Names to purge by.
   * @default []
   */
  readonly tags?: readonly string[]
}

/** The options that limit a load. Of no meaning for what cannot be given up on. */
export const TIMEOUTS = ['loadTimeout', 'softTimeout'] as const
export const POLICY_OPTIONS = [
  'ttl',
  ...INSTANT_OPTIONS,
  'grace',
  'staleIfError',
  'refreshAhead',
  'jitter',
  'lock',
  'tags',
  ...TIMEOUTS,
] as const

/** A policy as the engine uses it: checked, complete, in milliseconds. */
export interface Policy {
  readonly schedule: Schedule
  readonly graceMs: number
  readonly staleIfErrorMs: number
  /** 1 for never. */
  readonly refreshAhead: number
  readonly loadTimeoutMs: number
  readonly softTimeoutMs: number
  /** Whether to wait for the load of another process. */
  readonly lock: boolean
  readonly tags: readonly string[]
  /** Whether purges by tag leave it. */
  readonly permanent?: boolean
  /** Under what its entries are counted. */
  readonly name?: string | undefined
}

/** @throws {ConfigError} for a name or value that cannot be; {KeyError} for a tag that cannot be */
export function resolvePolicy(given: PolicyOptions | undefined, door: string): Policy {
  const {
    ttl,
    grace = 0,
    staleIfError = 0,
    refreshAhead = 1,
    jitter = 0,
    lock = true,
    tags,
    ...rest
  } = checkedOptions(given, door, POLICY_OPTIONS)
  const { loadTimeout = 'forever', softTimeout = 'forever', ...instants } = rest
  const policy: Policy = Object.freeze({
    schedule: jittered(scheduleOf(ttl, instants), share(jitter, 'jitter'), Math.random),
    graceMs: milliseconds(grace, 'grace'),
    staleIfErrorMs: milliseconds(staleIfError, 'staleIfError'),
    refreshAhead: share(refreshAhead, 'refreshAhead'),
    loadTimeoutMs: milliseconds(loadTimeout, 'loadTimeout'),
    softTimeoutMs: milliseconds(softTimeout, 'softTimeout'),
    lock: flagOf(lock, 'lock'),
    tags: checkedTags(tags),
  })
  checkSoftTimeout(policy)
  return policy
}

function scheduleOf(ttl: unknown, instants: Readonly<Record<string, unknown>>): Schedule {
  const atInstants = instantsOf(instants)
  if (atInstants === undefined) return forTtl(milliseconds(ttl === undefined ? '5m' : ttl, 'ttl'))
  return ttl === undefined ? atInstants : earliest([forTtl(milliseconds(ttl, 'ttl')), atInstants])
}

function share(given: unknown, option: string): number {
  if (typeof given === 'number' && given >= 0 && given <= 1) return given
  throw new ConfigError(`Expected \`${option}\` to be a share from 0 to 1, got ${shown(given)}`)
}

function checkSoftTimeout({ softTimeoutMs, loadTimeoutMs, graceMs, staleIfErrorMs }: Policy): void {
  if (softTimeoutMs === Infinity) return
  if (graceMs === 0 && staleIfErrorMs === 0) throw new ConfigError('`softTimeout` serves what is stale: it needs `staleIfError` or `grace`')
  if (softTimeoutMs >= loadTimeoutMs) throw new ConfigError('Expected `softTimeout` to be shorter than `loadTimeout`')
}

/** A copy of the tags, each once. @throws {ConfigError} unless it is an array; {KeyError} for a tag that cannot be */
export function checkedTags(tags: unknown): readonly string[] {
  if (tags === undefined) return []
  if (!Array.isArray(tags)) throw new ConfigError(`Expected \`tags\` to be an array of strings, got ${shown(tags)}`)
  return [...new Set(tags.map((tag: unknown) => (checkName(tag, 'tag'), tag)))]
}
