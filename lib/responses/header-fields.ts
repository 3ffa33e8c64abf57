import type { ServerResponse } from 'node:http'
import { ConfigError, shown } from '../errors.js'
import { checkedOptions, flagOf } from '../options.js'
import { milliseconds, type Duration } from '../time/duration.js'
import { mergedVary } from './answer.js'
import { FOREVER_SECONDS } from '../http/cache-control.js'
import { isToken } from '../http/field-text.js'

/** What a response tells the caches between here and the reader (RFC 9111, 5.2.2; RFC 5861; RFC 8246). */
export interface CacheControlOptions {
  /** Any cache may keep it. */
  readonly public?: boolean
  /** Only the reader's own browser may keep it. */
  readonly private?: boolean
  /** Nobody may keep it. */
  readonly noStore?: boolean
  /** It may be kept, and is to be revalidated before each use. */
  readonly noCache?: boolean
  readonly mustRevalidate?: boolean
  readonly proxyRevalidate?: boolean
  /** It will not change while it is fresh. */
  readonly immutable?: boolean
  readonly noTransform?: boolean
  /** Sent in whole seconds. */
  readonly maxAge?: Duration
  /** The same for shared caches alone. */
  readonly sMaxAge?: Duration
  readonly staleWhileRevalidate?: Duration
  readonly staleIfError?: Duration
}

const FLAGS = {
  public: 'public',
  private: 'private',
  noStore: 'no-store',
  noCache: 'no-cache',
  mustRevalidate: 'must-revalidate',
  proxyRevalidate: 'proxy-revalidate',
  immutable: 'immutable',
  noTransform: 'no-transform',
} as const
const AGES = {
  maxAge: 'max-age',
  sMaxAge: 's-maxage',
  staleWhileRevalidate: 'stale-while-revalidate',
  staleIfError: 'stale-if-error',
} as const

/**
 * The text of a `Cache-Control` field.
 * @throws {ConfigError} for an unknown option, or `public` and `private` at once
 */
export function cacheControlField(options: CacheControlOptions): string {
  const given = checkedOptions(options, 'cacheControl()', [...Object.keys(FLAGS), ...Object.keys(AGES)])
  if (given['public'] === true && given['private'] === true) throw new ConfigError('cacheControl() cannot be both `public` and `private`')
  const directives: string[] = []
  for (const [option, directive] of Object.entries(FLAGS)) {
    if (flagOf(given[option] ?? false, option)) directives.push(directive)
  }
  for (const [option, directive] of Object.entries(AGES)) {
    if (given[option] === undefined) continue
    directives.push(`${directive}=${Math.min(Math.floor(milliseconds(given[option], option) / 1000), FOREVER_SECONDS)}`)
  }
  if (directives.length === 0) throw new ConfigError('cacheControl() needs at least one option')
  return directives.join(', ')
}

/** Adds names to the response's `Vary`. @throws {ConfigError} for what is no header name */
export function addVary(response: ServerResponse, names: readonly string[]): void {
  response.setHeader('Vary', mergedVary(response.getHeader('vary'), names.join()))
}

/** @throws {ConfigError} unless there is at least one, and each is a field name (RFC 9110, 5.1) or `*` */
export function checkedFieldNames(names: readonly string[]): readonly string[] {
  if (names.length > 0 && names.every(name => typeof name === 'string' && isToken(name))) return names
  throw new ConfigError(`Expected the names of request headers, got ${names.map(shown).join(', ') || 'none'}`)
}
