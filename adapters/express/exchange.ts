import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Application, Express, Request, Response } from 'express'
import type { Exchange, Input, OriginOf } from '../../lib/pages/exchange.js'
import { rewritten } from '../../lib/pages/rewritten.js'

/** An Express request and its response, as the pages see them. */
export class ExpressExchange implements Exchange<Request> {
  readonly request: Request
  readonly response: Response

  constructor(request: Request, response: Response) {
    this.request = request
    this.response = response
  }

  get origin(): string {
    const { request } = this
    return plainOrigin(request.app, request) ?? trustedOrigin(request)
  }

  get originOf(): OriginOf {
    return originReader(this.request.app)
  }

  get url(): string {
    return this.request.originalUrl
  }

  get rewritten(): string | undefined {
    const { originalUrl, baseUrl, url } = this.request
    return rewritten(originalUrl, baseUrl, url)
  }

  get route(): string | undefined {
    const { route, baseUrl } = this.request as { readonly route?: { readonly path?: unknown }; readonly baseUrl: string }
    return typeof route?.path === 'string' ? baseUrl + route.path : undefined
  }

  get parsed(): unknown {
    return this.request.body
  }

  get visit(): Request {
    return this.request
  }

  inputs(): readonly Input[] {
    const of = this.request
    return [
      { kind: 'query', of, property: 'query', by: 'property' },
      { kind: 'cookie', of, property: 'cookies', by: 'property' },
      { kind: 'cookie', of, property: 'signedCookies', by: 'property' },
      { kind: 'user', of, property: 'user', by: 'itself', asKey: 'req => req.user?.id' },
      { kind: 'session', of, property: 'session', by: 'itself', asKey: 'req => req.session?.id' },
    ]
  }

  deliver(request: IncomingMessage, response: ServerResponse): void {
    outermost(this.request.app)(request as Request, response as Response)
  }
}

const readers = new WeakMap<Application, OriginOf>()

/** Reads the origin of requests that have yet to reach the application, by its own settings and getters. */
function originReader(app: Application): OriginOf {
  const made = readers.get(app)
  if (made !== undefined) return made
  const reader: OriginOf = request => {
    const plain = plainOrigin(app, request)
    if (plain !== undefined) return plain
    const { socket, headers } = request
    return trustedOrigin(Object.create((app as Express).request, { socket: { value: socket }, headers: { value: headers } }) as Request)
  }
  readers.set(app, reader)
  return reader
}

/** What Express' own getters come to where no proxy is trusted, without their questions for the visitor's address. */
function plainOrigin(app: Application, { socket, headers }: IncomingMessage): string | undefined {
  // A property of the settings is what `app.get()` comes to, without its loop.
  if ((app.settings as Readonly<Record<string, unknown>>)['trust proxy'] !== false) return undefined
  return `${(socket as { encrypted?: unknown }).encrypted ? 'https' : 'http'}://${headers.host ?? ''}`
}

function trustedOrigin(seen: Request): string {
  // Without a `Host` there is none, whatever the types say.
  return `${seen.protocol}://${(seen.host as string | undefined) ?? ''}`
}

interface Mounted {
  (request: Request, response: Response): void
  parent?: Mounted
}

/** An application mounted in another knows its parent. */
function outermost(app: Mounted): Mounted {
  return app.parent === undefined ? app : outermost(app.parent)
}
