import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Cache, Store } from 'smart-cache'
import type { CacheControlOptions } from '../../lib/responses/header-fields.js'
import type { PagePolicyOptions } from '../../lib/pages/page-policy.js'
import type { RequestCache, SiteOptions, TargetOf } from '../../lib/pages/site.js'
import type { Validators } from '../../lib/responses/validators.js'
import type { Site } from './site.js'

/** What the functions of a policy are given, as far as an Express request and a Koa context agree. */
export interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly path: string
  get(name: string): string | undefined
}

export type Policy = PagePolicyOptions<Asked>

/** One request with its response, as a test's middleware and handlers see it on either framework. */
export interface Visit {
  readonly asked: Asked
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What a parser has made of the body. */
  readonly parsed: unknown
  /** `req.cache` or `ctx.cache`. */
  readonly cache: RequestCache
  status(code: number): this
  set(name: string, value: string | readonly string[]): this
  /** Answers as the framework's users do: `res.send`, `ctx.body`. */
  send(body: string | Buffer | object): void
  /** Hands a stream to the framework: `source.pipe(res)`, `ctx.body = source`. */
  stream(source: Readable): void
  /** Node's own response, for a handler that writes to it and wants nothing of the framework. */
  raw(): ServerResponse
  /** `fresh(req, res, …)` or `fresh(ctx, …)`. */
  fresh(validators: Validators): boolean
}

export type Step = (visit: Visit) => unknown

/** A middleware of the framework, wrapped so that neutral code can hand it on. */
export interface Mount {
  readonly middleware: unknown
}

/** An application under construction, of either framework. */
export interface App {
  /** Mounts middleware, in this order. */
  use(...mounts: readonly Mount[]): void
  /** Mounts a handler for every method and URL. It counts as a run. */
  handle(handler: Step): void
  /** Mounts middleware and a handler for one method and path. */
  route(method: 'get' | 'post' | 'put' | 'delete', path: string, ...steps: readonly [...Mount[], Step]): void
  /** A middleware that does something and goes on. */
  step(step: Step): Mount
  /** What people mount to read JSON. */
  parser(): Mount
  smartCache(options?: Omit<SiteOptions<Asked>, 'cache'>): Mount
  cachePage(policy: Policy, handler?: Step): Mount
  invalidates(target: TargetOf<Asked>): Mount
  lastModified(read: (asked: Asked) => Promise<Validators['lastModified']> | Validators['lastModified']): Mount
  etagOf(read: (asked: Asked) => unknown): Mount
  cacheControl(options: CacheControlOptions): Mount
  neverCache(): Mount
  varyOnHeaders(...names: readonly string[]): Mount
  varyOnCookie(): Mount
  listener(): RequestListener
}

/** What an application is built around. */
export interface Ground {
  readonly cache: Cache
  /** To be called at each run of a handler. */
  ran(): void
  /** To be called with each error that reaches the framework. */
  failed(error: unknown): void
  /** Whether the application believes `X-Forwarded-*`. */
  readonly proxy: boolean
}

export interface SiteSettings {
  readonly store?: Store
  readonly proxy?: boolean
}

/** What a reply style is to send. */
export interface Content {
  readonly type: string
  readonly bytes: Buffer
}

/** A web framework, behind one face. */
export interface Framework {
  readonly name: string
  /** Every way in which its handlers reply with a body. */
  readonly styles: Readonly<Record<string, (visit: Visit, content: Content) => unknown>>
  app(ground: Ground): App
  /** Starts a site; closed when the test is over. */
  site(build: (app: App, site: Site) => void, settings?: SiteSettings): Promise<Site>
  /** Starts a site with one page, kept under a policy whatever its URL. */
  page(policy: Policy, handler: Step, settings?: SiteSettings): Promise<Site>
}
