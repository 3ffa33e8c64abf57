import { ConfigError, shown } from '../errors.js'
import { checkedOptions, flagOf, functionOf } from '../options.js'

/** What besides host and path makes one page differ from another. `Visit` is the framework's own: an Express request, a Koa context. */
export interface VaryOptions<Visit> {
  /**
   * Which query parameters count: all of them (known trackers aside), only those named, or none.
   * @default true
   */
  readonly query?: boolean | readonly string[]
  /**
   * Whether known trackers (`utm_*`, `gclid`, `fbclid` and the like) count as other parameters do, for pages that read them.
   * @default false
   */
  readonly trackers?: boolean
  /** Request headers. `'Authorization'` among them lets requests that carry it be kept. */
  readonly headers?: readonly string[]
  /** Cookies by name, or `true` for the whole header. */
  readonly cookies?: boolean | readonly string[]
  /** Who is asking: the result is a part of the key. Lets requests with `Authorization` be kept. */
  readonly user?: (visit: Visit) => unknown
  /** Anything else: plain data that becomes a part of the key. */
  readonly value?: (visit: Visit) => unknown
}

/** What pages vary on, checked. */
export interface Vary<Visit> {
  /** Absent for all of them. */
  readonly query: readonly string[] | undefined
  readonly trackers: boolean
  /** Lower case. */
  readonly headers: readonly string[]
  readonly cookies: boolean | readonly string[]
  readonly user: ((visit: Visit) => unknown) | undefined
  readonly value: ((visit: Visit) => unknown) | undefined
}

/** @throws {ConfigError} */
export function resolveVary<Visit>(given: unknown): Vary<Visit> {
  const {
    query = true,
    trackers = false,
    headers,
    cookies = false,
    user,
    value,
  } = checkedOptions(given, '`vary`', ['query', 'trackers', 'headers', 'cookies', 'user', 'value'])
  const list = namesOf(headers === undefined ? [] : headers, 'vary.headers').map(name => name.toLowerCase())
  if (list.includes('*')) throw new ConfigError('`vary.headers` cannot hold "*": a page that varies on everything cannot be kept')
  return {
    query: query === true ? undefined : query === false ? [] : namesOf(query, 'vary.query'),
    trackers: flagOf(trackers, 'vary.trackers'),
    headers: [...new Set(list)].toSorted(),
    cookies: typeof cookies === 'boolean' ? cookies : namesOf(cookies, 'vary.cookies').toSorted(),
    user: functionOf(user, 'vary.user') as Vary<Visit>['user'],
    value: functionOf(value, 'vary.value') as Vary<Visit>['value'],
  }
}

function namesOf(names: unknown, option: string): readonly string[] {
  if (Array.isArray(names) && names.every((name: unknown) => typeof name === 'string' && name !== '')) return names as string[]
  throw new ConfigError(`Expected \`${option}\` to be an array of names, got ${shown(names)}`)
}

/** May a request that carries `Authorization` be answered from the cache? Only if the route says how such pages differ (RFC 9111, 3.5). */
export function variesByCredentials<Visit>({ headers, user }: Vary<Visit>): boolean {
  return headers.includes('authorization') || user !== undefined
}

/** What the route makes pages vary on, as far as a `Vary` field can say it. */
export function declaredVary<Visit>({ headers, cookies }: Vary<Visit>): readonly string[] {
  return cookies === false ? headers : [...headers, 'cookie']
}

/** Do pages differ by something that `Vary` cannot say, so that other caches had better leave them alone? */
export function isPersonal<Visit>({ user, value }: Vary<Visit>): boolean {
  return user !== undefined || value !== undefined
}
