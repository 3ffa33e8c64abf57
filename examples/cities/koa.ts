import type { RequestListener } from 'node:http'
import { Router } from '@koa/router'
import type { RouterContext, RouterMiddleware } from '@koa/router'
import Koa from 'koa'
import type { Context, Next } from 'koa'
import type { Cache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/koa'
import { notFound } from './page-error.js'
import { pageRequest } from './page-request.js'
import { replyToError } from './reply-to-error.js'
import type { Reply, Route } from './route.js'
import type { Tokens } from './visitors/tokens.js'
import { welcome } from './visitors/visitor.js'

/** The application on Koa. */
export function koaApp(routes: readonly Route[], cache: Cache, tokens: Tokens): RequestListener {
  const app = new Koa()
  const router = new Router()
  for (const route of routes) router[route.method](route.path, ...handlersOf(route, tokens))
  app.use(answerErrors)
  app.use(smartCache({ cache, serverTiming: true }))
  app.use(router.routes())
  app.use(() => {
    throw notFound()
  })
  return app.callback()
}

function handlersOf({ personal, policy, handle }: Route, tokens: Tokens): RouterMiddleware[] {
  const answer = async (ctx: RouterContext): Promise<void> => {
    const { req: request, originalUrl: url, params, cache } = ctx
    send(ctx, await handle(await pageRequest({ request, url, params, cache }, tokens)))
  }
  return [...(personal ? [greet] : []), ...(policy ? [cachePage(policy)] : []), answer]
}

function greet({ req, res }: RouterContext, next: Next): Promise<void> {
  welcome(req, res)
  return next()
}

function answerErrors(ctx: Context, next: Next): Promise<void> {
  return next().catch((error: unknown) => send(ctx, replyToError(error)))
}

function send(ctx: Pick<Context, 'status' | 'set' | 'body'>, { status, headers, body }: Reply): void {
  ctx.status = status
  ctx.set(headers)
  ctx.body = body
}
