import { Readable } from 'node:stream'
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler, type Response } from 'express'
import * as door from 'smart-cache/express'
import type { App, Content, Framework, Ground, Mount, Policy, Step, Visit } from '../pages/framework.js'
import { Site } from '../pages/site.js'

class ExpressVisit implements Visit {
  readonly request: Request
  readonly response: Response

  constructor(request: Request, response: Response) {
    this.request = request
    this.response = response
  }

  get asked(): Request {
    return this.request
  }

  get parsed(): unknown {
    return this.request.body
  }

  get cache(): Request['cache'] {
    return this.request.cache
  }

  status(code: number): this {
    this.response.status(code)
    return this
  }

  set(name: string, value: string | string[]): this {
    this.response.set(name, value)
    return this
  }

  send(body: string | Buffer | object): void {
    this.response.send(body)
  }

  stream(source: Readable): void {
    source.pipe(this.response)
  }

  raw(): Response {
    return this.response
  }

  fresh(validators: Parameters<Visit['fresh']>[0]): boolean {
    return door.fresh(this.request, this.response, validators)
  }
}

class ExpressApp implements App {
  readonly #ground: Ground
  readonly #app: Express

  constructor(ground: Ground) {
    this.#ground = ground
    this.#app = express().set('env', 'test').set('trust proxy', ground.proxy)
  }

  use(...mounts: readonly Mount[]): void {
    for (const { middleware } of mounts) this.#app.use(middleware as RequestHandler)
  }

  handle(handler: Step): void {
    this.#app.use(this.#handler(handler))
  }

  route(method: 'get' | 'post' | 'put' | 'delete', path: string, ...steps: readonly [...Mount[], Step]): void {
    const middleware = steps.map(step => (typeof step === 'function' ? this.#handler(step) : (step.middleware as RequestHandler)))
    this.#app[method](path, ...middleware)
  }

  step(step: Step): Mount {
    const middleware: RequestHandler = async (request, response, next) => {
      await step(new ExpressVisit(request, response))
      next()
    }
    return { middleware }
  }

  parser(): Mount {
    return { middleware: express.json() }
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

  listener(): Express {
    const notice: ErrorRequestHandler = (error, _request, _response, next) => {
      this.#ground.failed(error)
      next(error)
    }
    return this.#app.use(notice)
  }

  #handler(handler: Step): RequestHandler {
    return async (request, response) => {
      this.#ground.ran()
      await handler(new ExpressVisit(request, response))
    }
  }
}

type Style = (response: Response, content: Content) => unknown

const STYLES: Readonly<Record<string, Style>> = {
  'res.send of a string': (response, { type, bytes }) => response.type(type).send(bytes.toString()),
  'res.send of a Buffer': (response, { type, bytes }) => response.type(type).send(bytes),
  'res.json': (response, { bytes }) => response.json({ text: bytes.toString() }),
  'res.end': (response, { type, bytes }) => response.type(type).end(bytes),
  'res.end of a string in another encoding': (response, { type, bytes }) => response.type(type).end(bytes.toString('base64'), 'base64'),
  'res.write and res.end': (response, { type, bytes }) => {
    response.type(type).write(bytes.subarray(0, 3))
    response.write(bytes.subarray(3).toString('hex'), 'hex')
    response.end()
  },
  'res.writeHead with an object': (response, { type, bytes }) =>
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': bytes.length, 'X-Own': 'yes' }).end(bytes),
  'res.writeHead with a list': (response, { type, bytes }) => response.writeHead(200, ['Content-Type', type, 'X-Own', 'yes']).end(bytes),
  'res.writeHead with a reason': (response, { type, bytes }) => response.writeHead(200, 'Very Well', { 'Content-Type': type }).end(bytes),
  'a stream piped to res': (response, { type, bytes }) =>
    Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]).pipe(response.type(type)),
  'res.flushHeaders first': (response, { type, bytes }) => {
    response.type(type).flushHeaders()
    response.end(bytes)
  },
}

/** Express 5. */
export const onExpress: Framework = {
  name: 'Express',
  styles: Object.fromEntries(
    Object.entries(STYLES).map(([name, style]) => [name, (visit: Visit, content: Content) => style(visit.response as Response, content)]),
  ),
  app: ground => new ExpressApp(ground),
  site: (build, settings) => {
    const site = new Site(settings)
    const app = new ExpressApp(site)
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
