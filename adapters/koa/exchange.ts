import type { IncomingMessage, ServerResponse } from 'node:http'
import type Koa from 'koa'
import type { Context } from 'koa'
import { showFilled } from './fill-body.js'
import type { HoledResponse } from '../../lib/responses/holed-response.js'
import type { Exchange, Input, OriginOf } from '../../lib/pages/exchange.js'
import { rewritten } from '../../lib/pages/rewritten.js'

/** A Koa context, as the pages see it. */
export class KoaExchange implements Exchange<Context> {
  readonly visit: Context

  constructor(context: Context) {
    this.visit = context
  }

  get request(): IncomingMessage {
    return this.visit.req
  }

  get response(): ServerResponse {
    return this.visit.res
  }

  get origin(): string {
    const { visit } = this
    return plainOrigin(visit.app, visit.req) ?? `${visit.protocol}://${visit.host}`
  }

  get originOf(): OriginOf {
    return originReader(this.visit.app)
  }

  holed(holed: HoledResponse): void {
    showFilled(this.visit, holed)
  }

  get url(): string {
    return this.visit.originalUrl
  }

  get rewritten(): string | undefined {
    const { originalUrl, req } = this.visit
    if (req.url === originalUrl) return undefined
    // As koa-mount says what it has taken.
    const { mountPath } = this.visit as { readonly mountPath?: unknown }
    return rewritten(originalUrl, typeof mountPath === 'string' ? mountPath : '', req.url ?? '')
  }

  get parsed(): unknown {
    return (this.visit.request as { readonly body?: unknown }).body
  }

  get route(): string | undefined {
    const { _matchedRoute: route } = this.visit as { readonly _matchedRoute?: unknown }
    return typeof route === 'string' ? route : undefined
  }

  inputs(): readonly Input[] {
    const { request, cookies, state } = this.visit
    return [
      { kind: 'query', of: request, property: 'query', by: 'property' },
      { kind: 'cookie', of: cookies, property: 'get', by: 'argument' },
      { kind: 'user', of: state, property: 'user', by: 'itself', asKey: 'ctx => ctx.state.user?.id' },
      { kind: 'session', of: this.visit, property: 'session', by: 'itself', asKey: 'ctx => ctx.session?.user' },
    ]
  }

  deliver(request: IncomingMessage, response: ServerResponse): void {
    void this.visit.app.callback()(request, response)
  }
}

/** What Koa's own getters come to where no proxy is trusted, for a host that is one and nothing else. */
function plainOrigin({ proxy }: Koa, { socket, headers: { host } }: IncomingMessage): string | undefined {
  if (proxy || host === undefined || !/^[\w.:-]+$/.test(host)) return undefined
  return `${(socket as { encrypted?: unknown }).encrypted ? 'https' : 'http'}://${host}`
}

const readers = new WeakMap<Koa, OriginOf>()

/** Reads the origin of requests that have yet to reach the application, by its own settings and getters. */
function originReader(app: Koa): OriginOf {
  const made = readers.get(app)
  if (made !== undefined) return made
  const reader: OriginOf = request => {
    const plain = plainOrigin(app, request)
    if (plain !== undefined) return plain
    const seen = Object.create(app.request, { app: { value: app }, req: { value: request } }) as Koa.Request
    return `${seen.protocol}://${seen.host}`
  }
  readers.set(app, reader)
  return reader
}
