import { hash } from 'node:crypto'
import { bytesOf, type ByteSize } from '../bytes.js'
import { POLICY_OPTIONS, TIMEOUTS, checkedTags, resolvePolicy, type Policy, type PolicyOptions } from '../cache/policy.js'
import { versionSuffix } from '../keys/names.js'
import { ConfigError, shown } from '../errors.js'
import { checkedOptions, countOf, flagOf, functionOf } from '../options.js'
import { CODINGS, isAtHand, type Coding } from '../http/codings.js'
import { milliseconds, type Duration } from '../time/duration.js'
import { KEEPABLE_METHODS } from './question.js'
import { resolveStatuses } from './statuses.js'
import { resolveTold, type TagField, type Told } from '../responses/told.js'
import { isPersonal, resolveVary, type Vary, type VaryOptions } from './vary.js'

/** How a page is kept. A page is kept only when RFC 9111 lets a shared cache keep it; its headers can only make this stricter. */
export interface PagePolicyOptions<Visit> extends Omit<PolicyOptions, 'tags' | (typeof TIMEOUTS)[number]> {
  /**
   * Who says how long a page is kept. `'policy'`: this policy, and the page's own headers can only make it stricter. `'origin'`: the page's
   * own headers, as RFC 9111 reads them for a shared cache; the policy's `ttl`, `grace` and `staleIfError` count where they say nothing, and a
   * stale page with validators is revalidated.
   * @default 'policy'
   */
  readonly honor?: 'policy' | 'origin'
  /**
   * Heeds the directives in a request's `Cache-Control` (RFC 9111, 5.2.1): a visitor may ask for something fresher than what is kept, but never
   * for something staler, and however many ask, one load of a page runs at a time.
   * @default true where `honor` is 'origin', false otherwise
   */
  readonly requestDirectives?: boolean
  /**
   * `'serve'` answers from what is kept. `'shadow'` serves nobody from it: the handler always runs, and its answer is what the visitor gets; what
   * would have been served is compared with it, and `cache.on('shadow', …)` tells of pages that would have leaked or would have been stale.
   * @default 'serve'
   */
  readonly mode?: 'serve' | 'shadow'
  /**
   * Outlives purges by tag, table, URL and signal, also that of an unsafe request to its own URL: it ends with its ttl, or with
   * `invalidate(tag, { permanent: true })`.
   * @default false
   */
  readonly permanent?: boolean
  /** A part of the key: raise it, and the pages that were kept before are gone. */
  readonly version?: string | number
  /** Names to purge by, or a function that makes them of the request. */
  readonly tags?: readonly string[] | ((visit: Visit) => readonly string[])
  readonly vary?: VaryOptions<Visit>
  /**
   * To which methods answers are kept: `'GET'` (and with it `HEAD`), `'QUERY'`, `'POST'`. Answers to the last two are kept by their body as well.
   * `'POST'` is your word that such requests here only ask, and change nothing.
   * @default ['GET']
   */
  readonly methods?: readonly (typeof KEEPABLE_METHODS)[number][]
  /**
   * Which statuses are kept; as an object, each with a ttl of its own: `{ 200: '5m', 404: '10s' }`.
   * @default [200, 203, 204, 300, 301, 308]; where `honor` is 'origin' all that the response's headers allow to be kept
   */
  readonly statuses?: readonly number[] | Readonly<Record<number, Duration>>
  /**
   * A longer body is passed on and not kept.
   * @default '8mb'
   */
  readonly maxBody?: ByteSize
  /**
   * How many variants of one path are kept, that differ by more than their query; beyond it the oldest makes room that nobody asks for.
   * @default 1000
   */
  readonly maxVariants?: number
  /**
   * How many pages of one path are kept that differ by their query; beyond it the oldest makes room that nobody asks for.
   * @default 10000
   */
  readonly maxQueries?: number
  /**
   * How long a request waits for the answer that another is making of the same page, before it runs the handler itself.
   * @default '10s'
   */
  readonly waitTimeout?: Duration
  /**
   * Content codings in which kept pages are sent to who accepts them, the preferred one first; `false` for none. One that this version of
   * Node does not have is left out. Every page is kept as it is; each encoding is made once, when it is first asked for, and lies beside it
   * in this process's memory.
   * @default ['br', 'zstd', 'gzip']
   */
  readonly encodings?: boolean | readonly Coding[]
  /**
   * Lets `inFront()` serve these pages before the framework sees the request. Your word that a page depends on nothing but its URL and what
   * it varies on, and that hits need nothing of the middleware mounted before: no authentication, no headers. Not with `vary.user`,
   * `vary.value` or `unless`, which ask the framework's own objects.
   * @default false
   */
  readonly front?: boolean
  /**
   * Keeps no page whose handler has read a header, a cookie, a query parameter, the user or the session that does not make its key. It
   * watches what handlers read in production as well, which costs each miss some time; without it that is done in development alone, and
   * brings a warning.
   * @default false
   */
  readonly strict?: boolean
  /**
   * What browsers are told: for how long they may keep the page by themselves, as `max-age`. Pages that vary on `user` or `value` are `private`.
   * What a route says in `Cache-Control` stays as it is.
   * @default nothing
   */
  readonly browser?: Duration
  /**
   * What caches between here and the browsers are told, as `CDN-Cache-Control` (RFC 9213): nothing of pages that vary on `user` or `value`.
   * @default nothing
   */
  readonly cdn?: Duration
  /**
   * Fields in which the page's tags are sent, for caches further out that are purged by them. Tags that a handler adds once its head has left
   * are sent with hits only; what the fields cannot hold is percent-encoded.
   * @default []
   */
  readonly tagHeaders?: readonly TagField[]
  /**
   * Gives pages with holes a validator of what is around the holes: who has the page is answered with 304, though what would fill its holes may have
   * changed since. Without it they have none.
   * @default false
   */
  readonly maskedETag?: boolean
  /** Requests for which the cache is not asked. */
  readonly unless?: (visit: Visit) => boolean
}

/** A page policy as the pages use it: checked and complete. */
export interface PagePolicy<Visit> {
  /** Part of the key of its pages: empty, or a digest of how it tells requests apart. Policies for one URL share what they keep if they agree in that. */
  readonly mark: string
  readonly honor: 'policy' | 'origin'
  /** Whether the policy says for how long a page is fresh that says nothing of it. Where the origin rules, only if it was told to. */
  readonly silent: boolean
  readonly requestDirectives: boolean
  readonly mode: 'serve' | 'shadow'
  /** What others are told, apart from what is kept here. */
  readonly told: Told | undefined
  readonly policy: Policy
  readonly tagsOf: ((visit: Visit) => readonly string[]) | undefined
  readonly vary: Vary<Visit>
  /** Absent for GET and HEAD alone. */
  readonly methods: ReadonlySet<string> | undefined
  /** Policies of the statuses that are kept; `undefined` if all may be. */
  readonly statuses: ReadonlyMap<number, Policy> | undefined
  readonly maxBody: number
  readonly maxVariants: number
  readonly maxQueries: number
  readonly waitTimeoutMs: number
  readonly encodings: readonly Coding[]
  readonly strict: boolean
  readonly unless: ((visit: Visit) => boolean) | undefined
  readonly front: boolean
  readonly maskedETag: boolean
}

/** Options that say for how long a page is fresh. */
const SCHEDULES = ['ttl', 'invalidateAt', 'cron'] as const
/** How long past its freshness a page may be served by default when a load fails, where the origin rules and has said nothing else (ms). */
const ORIGIN_STALE_IF_ERROR_MS = 3_600_000
/** A handler cannot be given up on: it is writing to its visitor. Those who wait for it have `waitTimeout`. */
const KEEPING = POLICY_OPTIONS.filter(name => !TIMEOUTS.some(timeout => timeout === name))
const PAGE_OPTIONS = [
  ...KEEPING,
  'permanent',
  'version',
  'honor',
  'mode',
  'requestDirectives',
  'vary',
  'methods',
  'statuses',
  'maxBody',
  'maxVariants',
  'maxQueries',
  'waitTimeout',
  'encodings',
  'browser',
  'cdn',
  'tagHeaders',
  'strict',
  'unless',
  'front',
  'maskedETag',
]

/** @throws {ConfigError} for a name or value that cannot be; {KeyError} for a tag that cannot be */
export function resolvePagePolicy<Visit>(given: PagePolicyOptions<Visit> | undefined, door: string): PagePolicy<Visit> {
  const {
    honor = 'policy',
    mode = 'serve',
    requestDirectives = honor === 'origin',
    vary,
    methods,
    statuses,
    maxBody = '8mb',
    maxVariants = 1000,
    maxQueries = 10_000,
    waitTimeout = '10s',
    encodings = true,
    browser,
    cdn,
    tagHeaders,
    strict = false,
    unless,
    front = false,
    maskedETag = false,
    permanent = false,
    version,
    tags,
    ...rest
  } = checkedOptions(given, door, PAGE_OPTIONS)
  const dynamic = typeof tags === 'function'
  if (honor !== 'policy' && honor !== 'origin') throw new ConfigError(`Expected \`honor\` to be 'policy' or 'origin', got ${shown(honor)}`)
  if (mode !== 'serve' && mode !== 'shadow') throw new ConfigError(`Expected \`mode\` to be 'serve' or 'shadow', got ${shown(mode)}`)
  const byOrigin = honor === 'origin'
  const defaults = byOrigin ? { staleIfError: ORIGIN_STALE_IF_ERROR_MS } : {}
  const ofAll: PolicyOptions = { ...defaults, ...rest, tags: dynamic ? [] : checkedTags(tags) }
  const policy = { ...resolvePolicy(ofAll, door), permanent: flagOf(permanent, 'permanent') }
  const varies = resolveVary<Visit>(vary)
  const suffix = versionSuffix(version)
  const fitForFront = checkedFront(front, { 'vary.user': varies.user, 'vary.value': varies.value, unless })
  return Object.freeze({
    mark: markOf(varies, unless, [
      ...(byOrigin ? ['origin'] : []),
      ...(mode === 'shadow' ? ['shadow'] : []),
      ...(suffix === '' ? [] : [suffix]),
    ]),
    honor,
    mode,
    requestDirectives: flagOf(requestDirectives, 'requestDirectives'),
    told: resolveTold(browser, cdn, tagHeaders, isPersonal(varies)),
    silent: !byOrigin || SCHEDULES.some(name => rest[name] !== undefined),
    policy,
    tagsOf: dynamic ? (tags as (visit: Visit) => readonly string[]) : undefined,
    vary: varies,
    methods: resolveMethods(methods),
    statuses: statuses === undefined && byOrigin ? undefined : resolveStatuses(statuses, policy, ofAll, door),
    maxBody: bytesOf(maxBody, 'maxBody'),
    maxVariants: countOf(maxVariants, 'maxVariants', 1),
    maxQueries: countOf(maxQueries, 'maxQueries', 1),
    waitTimeoutMs: milliseconds(waitTimeout, 'waitTimeout'),
    encodings: resolveEncodings(encodings),
    strict: flagOf(strict, 'strict'),
    unless: functionOf(unless, 'unless') as PagePolicy<Visit>['unless'],
    // What shadows serves nobody.
    front: fitForFront && mode === 'serve',
    maskedETag: flagOf(maskedETag, 'maskedETag'),
  })
}

/** Functions are told apart by their text, so that all processes that run one program agree. */
function markOf<Visit>(
  { query, trackers, headers, cookies, user, value }: Vary<Visit>,
  unless: unknown,
  others: readonly string[],
): string {
  const functions = [user, value, unless].map(given => (typeof given === 'function' ? given.toString() : null))
  const text = JSON.stringify([query ?? (trackers ? 'all' : true), headers, cookies, ...functions, ...others])
  return text === '[true,[],false,null,null,null]' ? '' : `.${hash('sha256', text, 'base64url').slice(0, 16)}`
}

/** In front of the framework there is nothing yet that such functions could be given. */
function checkedFront(given: unknown, functions: Readonly<Record<string, unknown>>): boolean {
  const front = flagOf(given, 'front')
  const option = Object.keys(functions).find(name => functions[name] !== undefined)
  if (front && option !== undefined) {
    throw new ConfigError(
      `Pages with \`${option}\` cannot be served in front of the framework: leave out \`front\`, or vary on headers or cookies`,
    )
  }
  return front
}

function resolveMethods(given: unknown): ReadonlySet<string> | undefined {
  if (given === undefined) return undefined
  if (!Array.isArray(given) || given.length === 0 || !given.every((method: unknown) => KEEPABLE_METHODS.some(known => known === method))) {
    throw new ConfigError(`Expected \`methods\` to be an array of ${KEEPABLE_METHODS.map(shown).join(', ')}, got ${shown(given)}`)
  }
  const methods = new Set(given as string[])
  if (methods.has('GET')) methods.add('HEAD')
  return methods
}

/** The policy under which a page of this status is kept, if it is. */
export function policyFor<Visit>({ statuses, policy }: PagePolicy<Visit>, status: number): Policy | undefined {
  return statuses === undefined ? policy : statuses.get(status)
}

function resolveEncodings(given: unknown): readonly Coding[] {
  const named = given === true ? CODINGS : given === false ? [] : given
  if (!Array.isArray(named) || !named.every((name: unknown) => CODINGS.includes(name as Coding))) {
    throw new ConfigError(`Expected \`encodings\` to be true, false or an array of ${CODINGS.join(', ')}, got ${shown(given)}`)
  }
  return [...new Set(named as readonly Coding[])].filter(isAtHand)
}

/** Are requests told apart by functions? Two of them may have the same text and mean different things. */
export function tellsByFunctions<Visit>({ vary, unless }: PagePolicy<Visit>): boolean {
  return vary.user !== undefined || vary.value !== undefined || unless !== undefined
}
