import { checkedCache, inside, type Cache } from '../caches/cache.js'
import { purgesFor, type Target } from '../cache/targets.js'
import { ConfigError } from '../errors.js'
import { explainBy } from '../cache/explanation.js'
import { runAround } from '../holes/hole-host.js'
import type { AnyVisit, AskedHole, HoleFiller, HoleOptions } from '../holes/hole-options.js'
import { checkedOptions, flagOf } from '../options.js'
import { explainRequest } from './explain.js'
import type { Duration } from '../time/duration.js'
import type { Exchange } from './exchange.js'
import { changedUrls, groupsIn } from '../http/changed.js'
import { HoledPage, makeHoleIn, type Visited } from './hole-maker.js'
import { routeIn } from '../responses/kept-page.js'
import { PageCache } from './page-cache.js'
import { recordingOf } from '../responses/response-recorder.js'
import { resolvePagePolicy, type PagePolicy, type PagePolicyOptions } from './page-policy.js'

export interface SiteOptions<Visit> {
  /** Where pages are kept. */
  readonly cache: Cache
  /**
   * Keeps every page of the site that HTTP allows to be kept; a route's own policy wins.
   * @default nothing is kept but what a route asks for
   */
  readonly pages?: PagePolicyOptions<Visit>
  /**
   * Sends `Server-Timing`: the outcome, the age and how long the answer took to make, where scripts and developer tools can read them.
   * @default false
   */
  readonly serverTiming?: boolean
}

/** One application's pages: what `smartCache()` sets up and the routes' policies build on. */
export class Site<Visit> {
  readonly cache: Cache
  /** Whether answers carry `Server-Timing`. */
  readonly timing: boolean
  readonly #pages: PageCache<Visit> | undefined
  readonly #ofRoutes = new WeakMap<PagePolicy<Visit>, PageCache<Visit>>()

  /** @throws {ConfigError} for an option that is unknown or of the wrong kind */
  constructor(options: SiteOptions<Visit>) {
    const { cache, pages, serverTiming = false } = checkedOptions(options, 'smartCache()', ['cache', 'pages', 'serverTiming'])
    this.timing = flagOf(serverTiming, 'serverTiming')
    this.cache = checkedCache(cache)
    const { engine } = inside(this.cache)
    explainBy(engine, (question, prefix) => explainRequest(engine, question, prefix))
    engine.announce.nameBy(routeIn)
    this.#pages =
      pages === undefined
        ? undefined
        : new PageCache(this.cache, resolvePagePolicy(pages as PagePolicyOptions<Visit>, '`pages`'), this.timing)
  }

  /** The pages of the whole site, if it has a policy. */
  get pages(): PageCache<Visit> | undefined {
    return this.#pages
  }

  /** What is installed on a request. */
  requestCache(visited: Visited): RequestCache {
    return new RequestCache(this as unknown as Site<never>, visited)
  }

  /** Runs what is under no policy of the site, so that holes find their response, where they are made by what knows no request. */
  run<T>(visited: Visited, run: () => T): T {
    const space = inside(this.cache)
    return runAround(space.engine, () => new HoledPage(space, visited), run)
  }

  /** The time (epoch ms). */
  get now(): number {
    return inside(this.cache).engine.clock.now()
  }

  /** The pages of a route. */
  pagesOf(policy: PagePolicy<Visit>): PageCache<Visit> {
    const made = this.#ofRoutes.get(policy) ?? new PageCache(this.cache, policy, this.timing)
    this.#ofRoutes.set(policy, made)
    return made
  }

  /**
   * After a request that changed something: purges what is kept for its URL, for what its response names as changed, and in the groups that it
   * names (RFC 9111, 4.4; RFC 9875, 3). The response is not refused for a purge that nobody asked for by name; its failure is announced by the
   * signal `error`.
   */
  async purgeChanged({ origin, url, response }: Pick<Exchange<Visit>, 'origin' | 'url' | 'response'>): Promise<void> {
    const groups = groupsIn(response.getHeader('cache-group-invalidation'))
    const targets: readonly Target[] = [...changedUrls(origin, url, response).map(changed => ({ url: changed })), ...groups]
    try {
      await Promise.all(targets.map(async target => this.cache.invalidate(target, { why: 'unsafe request' })))
    } catch (error) {
      inside(this.cache).engine.announce.error('store', url, error)
    }
  }
}

let siteBehind: (cache: RequestCache) => Site<never> | undefined

/** The site that installed this on a request. @throws {ConfigError} if none did, naming the door that needs it */
export function siteOf<Visit>(installed: unknown, door: string): Site<Visit> {
  const site = typeof installed === 'object' && installed !== null ? siteBehind(installed as RequestCache) : undefined
  if (site === undefined) throw new ConfigError(`${door} needs \`app.use(smartCache({ cache }))\` before it`)
  return site as unknown as Site<Visit>
}

/** What a handler can say of the page it is making. Where the answer is not being kept, saying it does nothing. */
export class RequestCache {
  readonly #site: Site<never>
  readonly #visited: Visited

  static {
    siteBehind = cache => (#site in cache ? cache.#site : undefined)
  }

  /** @internal */
  constructor(site: Site<never>, visited: Visited) {
    this.#site = site
    this.#visited = visited
  }

  /** The cache that `smartCache()` was given. */
  get cache(): Cache {
    return this.#site.cache
  }

  /** Adds names to purge the page by. @throws {KeyError} for a tag that cannot be */
  tag(...names: readonly string[]): void {
    recordingOf(this.#visited.response)?.tag(...names)
  }

  /** Lets the page be fresh for no longer than `duration` from now; the shortest wins. @throws {ConfigError} for what is no duration */
  ttl(duration: Duration): void {
    recordingOf(this.#visited.response)?.ttl(duration)
  }

  /** Keeps the page from being kept, whatever is said later. */
  never(): void {
    recordingOf(this.#visited.response)?.never()
  }

  /** `cache.hole()`, also where the page is not kept. */
  hole<Visit = AnyVisit>(name: string, fill: HoleFiller<Visit>, options?: HoleOptions): string {
    return this.#makeHole({ name, fill, options })
  }

  /** `cache.nonce()`, also where the page is not kept. */
  nonce(): string {
    return this.#makeHole(undefined)
  }

  #makeHole(asked: AskedHole | undefined): string {
    return makeHoleIn(inside(this.#site.cache), this.#visited, asked)
  }
}

/** What `invalidates()` is given: a target, or what makes one of the request once it has succeeded. */
export type TargetOf<Visit> = Target | ((visit: Visit) => Target)

/** Did the request succeed, so that what it changed is to be purged (RFC 9111, 4.4)? */
export function succeeded(status: number): boolean {
  return status >= 200 && status < 400
}

/** @throws {ConfigError} or {KeyError} for a target that cannot be */
export function checkTarget(target: unknown): void {
  if (typeof target !== 'function') purgesFor(target as Target, { within: '', soft: false, permanent: false, at: 0 })
}

export function targetOf<Visit>(target: TargetOf<Visit>, visit: Visit): Target {
  return typeof target === 'function' ? target(visit) : target
}
