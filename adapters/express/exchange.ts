import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, Response } from 'express'
import type { Exchange } from '../../lib/pages/exchange.js'

/** An Express request and its response, as the pages see them. */
export class ExpressExchange implements Exchange<Request> {
  readonly request: Request
  readonly response: Response

  constructor(request: Request, response: Response) {
    this.request = request
    this.response = response
  }

  get origin(): string {
    const { app, socket, headers } = this.request
    // What Express' own getters come to where no proxy is trusted, without their questions for the visitor's address.
    if (app.get('trust proxy') === false)
      return `${(socket as { encrypted?: unknown }).encrypted ? 'https' : 'http'}://${headers.host ?? ''}`
    // Without a `Host` there is none, whatever the types say.
    return `${this.request.protocol}://${(this.request.host as string | undefined) ?? ''}`
  }

  get url(): string {
    return this.request.originalUrl
  }

  get visit(): Request {
    return this.request
  }

  deliver(request: IncomingMessage, response: ServerResponse): void {
    outermost(this.request.app)(request as Request, response as Response)
  }
}

interface Mounted {
  (request: Request, response: Response): void
  parent?: Mounted
}

/** An application mounted in another knows its parent. */
function outermost(app: Mounted): Mounted {
  return app.parent === undefined ? app : outermost(app.parent)
}
