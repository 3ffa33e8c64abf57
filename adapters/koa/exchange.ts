import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from 'koa'
import type { Exchange } from '../../lib/pages/exchange.js'

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
    return `${this.visit.protocol}://${this.visit.host}`
  }

  get url(): string {
    return this.visit.originalUrl
  }

  deliver(request: IncomingMessage, response: ServerResponse): void {
    void this.visit.app.callback()(request, response)
  }
}
