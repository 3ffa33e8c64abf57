import type { ServerResponse, RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import Koa, { type Context, type Middleware } from 'koa'
import * as door from 'smart-cache/koa'
import type { App, Content, Framework, Ground, Mount, Policy, Step, Visit } from '../pages/framework.js'
import { Site } from '../pages/site.js'

class KoaVisit implements Visit {
  readonly context: Context

  constructor(context: Context) {
    this.context = context
  }

  get asked(): Context {
    return this.context
  }

  get request(): Context['req'] {
    return this.context.req
  }

  get response(): ServerResponse {
    return this.context.res
  }

  get parsed(): unknown {
    return this.context.request.body
  }

  get cache(): Context['cache'] {
    return this.context.cache
  }

  status(code: number): this {
    this.context.status = code
    return this
  }

  set(name: string, value: string | string[]): this {
    this.context.set(name, value)
    return this
  }

  send(body: string | Buffer | object): void {
    this.context.body = body
  }

  stream(source: Readable): void {
    this.context.body = source
  }

  raw(): ServerResponse {
    this.context.respond = false
    // Koa begins with 404.
    if (this.context.status === 404) this.context.res.statusCode = 200
    return this.context.res
  }

  fresh(validators: Parameters<Visit['fresh']>[0]): boolean {
    return door.fresh(this.context, validators)
  }
}

class KoaApp implements App {
  readonly #ground: Ground
  readonly #app: Koa

  constructor(ground: Ground) {
    this.#ground = ground
    this.#app = new Koa({ proxy: ground.proxy })
    this.#app.silent = true
    this.#app.on('error', (error: unknown) => ground.failed(error))
  }

  use(...mounts: readonly Mount[]): void {
    for (const { middleware } of mounts) this.#app.use(middleware as Middleware)
  }

  handle(handler: Step): void {
    this.#app.use(this.#handler(handler))
  }

  route(method: 'get' | 'post' | 'put' | 'delete', path: string, ...steps: readonly [...Mount[], Step]): void {
    const middleware = steps.map(step => (typeof step === 'function' ? this.#handler(step) : (step.middleware as Middleware)))
    const router = new Router()
    router[method](path, ...middleware)
    this.#app.use(router.routes())
  }

  step(step: Step): Mount {
    const middleware: Middleware = async (context, next) => {
      await step(new KoaVisit(context))
      await next()
    }
    return { middleware }
  }

  parser(): Mount {
    return { middleware: bodyParser({ enableTypes: ['json'], parsedMethods: ['POST', 'QUERY'] }) }
  }

  smartCache(options: Parameters<App['smartCache']>[0] = {}): Mount {
    return { middleware: door.smartCache({ cache: this.#ground.cache, ...options }) }
  }

  cachePage(policy: Policy, handler?: Step): Mount {
    return { middleware: handler === undefined ? door.cachePage(policy) : door.cachePage(policy, this.#handler(handler)) }
  }

  invalidates(target: Parameters<App['invalidates']>[0]): Mount {
    return { middleware: door.invalidates(target) }
  }

  lastModified(read: Parameters<App['lastModified']>[0]): Mount {
    return { middleware: door.lastModified(read) }
  }

  etagOf(read: Parameters<App['etagOf']>[0]): Mount {
    return { middleware: door.etagOf(read) }
  }

  cacheControl(options: Parameters<App['cacheControl']>[0]): Mount {
    return { middleware: door.cacheControl(options) }
  }

  neverCache(): Mount {
    return { middleware: door.neverCache() }
  }

  varyOnHeaders(...names: readonly string[]): Mount {
    return { middleware: door.varyOnHeaders(...names) }
  }

  varyOnCookie(): Mount {
    return { middleware: door.varyOnCookie() }
  }

  listener(): RequestListener {
    return this.#app.callback()
  }

  #handler(handler: Step): Middleware {
    return async context => {
      this.#ground.ran()
      await handler(new KoaVisit(context))
    }
  }
}

type Style = (context: Context, content: Content) => unknown

const STYLES: Readonly<Record<string, Style>> = {
  'ctx.body of a string': (context, { type, bytes }) => {
    context.type = type
    context.body = bytes.toString()
  },
  'ctx.body of a Buffer': (context, { type, bytes }) => {
    context.type = type
    context.body = bytes
  },
  'ctx.body of an object': (context, { bytes }) => {
    context.body = { text: bytes.toString() }
  },
  'ctx.body of a stream': (context, { type, bytes }) => {
    context.type = type
    context.body = Readable.from([bytes.subarray(0, 5), bytes.subarray(5)])
  },
  'ctx.body of a stream with a length': (context, { type, bytes }) => {
    context.type = type
    context.body = Readable.from([bytes.subarray(0, 5), bytes.subarray(5)])
    context.length = bytes.length
  },
  'ctx.body of a ReadableStream': (context, { type, bytes }) => {
    context.type = type
    context.body = new Blob([new Uint8Array(bytes)]).stream()
  },
  'ctx.body of a Blob': (context, { type, bytes }) => {
    context.body = new Blob([new Uint8Array(bytes)], { type })
  },
  'ctx.body of a Response': (context, { type, bytes }) => {
    context.body = new Response(new Uint8Array(bytes), { headers: { 'Content-Type': type, 'X-Own': 'yes' } })
  },
  'res.end': (context, { type, bytes }) => {
    context.type = type
    context.status = 200
    context.res.end(bytes)
  },
  'res.write and res.end, without Koa': (context, { type, bytes }) => {
    context.respond = false
    context.res.writeHead(200, { 'Content-Type': type, 'X-Own': ['one', 'two'] })
    context.res.write(bytes.subarray(0, 3))
    setImmediate(() => context.res.end(bytes.subarray(3).toString('hex'), 'hex'))
  },
  'a stream piped to res, without Koa': (context, { type, bytes }) => {
    context.respond = false
    context.type = type
    context.status = 200
    Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]).pipe(context.res)
  },
}

/** Koa 3. */
export const onKoa: Framework = {
  name: 'Koa',
  styles: Object.fromEntries(
    Object.entries(STYLES).map(([name, style]) => [name, (visit: Visit, content: Content) => style((visit as KoaVisit).context, content)]),
  ),
  app: ground => new KoaApp(ground),
  site: (build, settings) => {
    const site = new Site(settings)
    const app = new KoaApp(site)
    build(app, site)
    return site.listen(app.listener())
  },
  page(policy, handler, settings) {
    return this.site(app => {
      app.use(app.smartCache(), app.cachePage(policy))
      app.handle(handler)
    }, settings)
  },
}
