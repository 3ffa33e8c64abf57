import type { RequestListener } from 'node:http'
import express from 'express'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Cache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { notFound } from './page-error.js'
import { pageRequest } from './page-request.js'
import { replyToError } from './reply-to-error.js'
import type { Reply, Route } from './route.js'

/** The application on Express. */
export function expressApp(routes: readonly Route[], cache: Cache): RequestListener {
  const app = express()
  app.disable('x-powered-by')
  app.use(smartCache({ cache, serverTiming: true }))
  for (const route of routes) app[route.method](route.path, ...handlersOf(route))
  app.use(() => {
    throw notFound()
  })
  app.use(answerError)
  return app
}

function handlersOf({ policy, handle }: Route): RequestHandler[] {
  const answer = async (request: Request, response: Response): Promise<void> => {
    const { originalUrl: url, params, cache } = request
    send(response, await handle(await pageRequest({ request, url, params, tag: (...tags) => cache.tag(...tags) })))
  }
  return policy ? [cachePage(policy), answer] : [answer]
}

const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error)
  else send(response, replyToError(error))
}

function send(response: Response, { status, headers, body }: Reply): void {
  response.status(status).set(headers).send(body)
}
