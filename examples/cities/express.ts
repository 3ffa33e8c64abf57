import type { RequestListener } from 'node:http'
import express from 'express'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Cache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { notFound } from './page-error.js'
import { pageRequest } from './page-request.js'
import { replyToError } from './reply-to-error.js'
import type { Reply, Route } from './route.js'
import type { Tokens } from './visitors/tokens.js'
import { welcome } from './visitors/visitor.js'

/** The application on Express. */
export function expressApp(routes: readonly Route[], cache: Cache, tokens: Tokens): RequestListener {
  const app = express()
  app.disable('x-powered-by')
  app.use(smartCache({ cache, serverTiming: true }))
  for (const route of routes) app[route.method](route.path, ...handlersOf(route, tokens))
  app.use(() => {
    throw notFound()
  })
  app.use(answerError)
  return app
}

function handlersOf({ personal, policy, handle }: Route, tokens: Tokens): RequestHandler[] {
  const answer = async (request: Request, response: Response): Promise<void> => {
    const { originalUrl: url, params, cache } = request
    send(response, await handle(await pageRequest({ request, url, params, cache }, tokens)))
  }
  return [...(personal ? [greet] : []), ...(policy ? [cachePage(policy)] : []), answer]
}

const greet: RequestHandler = (request, response, next) => {
  welcome(request, response)
  next()
}

const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) next(error)
  else send(response, replyToError(error))
}

function send(response: Response, { status, headers, body }: Reply): void {
  response.status(status).set(headers).send(body)
}
