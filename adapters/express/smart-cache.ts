import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { send } from '../../lib/responses/answer.js'
import { markBypass } from '../../lib/responses/mark.js'
import { holdUntil } from '../../lib/responses/hold.js'
import { runUnder } from '../../lib/pages/hole-maker.js'
import { functionOf } from '../../lib/options.js'
import { observe } from '../../lib/responses/observe.js'
import type { PageCache } from '../../lib/pages/page-cache.js'
import { resolvePagePolicy, type PagePolicyOptions } from '../../lib/pages/page-policy.js'
import { recordingOf } from '../../lib/responses/response-recorder.js'
import { onlyAsks } from '../../lib/pages/question.js'
import { isUnsafe } from '../../lib/pages/request-gate.js'
import { checkTarget, Site, siteOf, succeeded, targetOf, type RequestCache, type SiteOptions, type TargetOf } from '../../lib/pages/site.js'
import type { Turn } from '../../lib/pages/turn.js'
import { ExpressExchange } from './exchange.js'

declare global {
  // eslint-disable-next-line typescript/no-namespace -- the way Express' types are extended
  namespace Express {
    interface Request {
      /** What a handler can say of the page it is making. Installed by `smartCache()`. */
      cache: RequestCache
    }
  }
}

/** A policy for pages of an Express application; its functions are given the request. */
export type PagePolicy = PagePolicyOptions<Request>

/**
 * Installs `req.cache`. Keeps nothing by itself, unless `pages` gives a policy for the whole site; a route's own `cachePage` wins over that.
 * A request with an unsafe method that succeeds purges what is kept for its own URL, before its response leaves (RFC 9111, 4.4).
 *
 * What is mounted before it runs for hits as well; what is mounted after it does not.
 * @throws {ConfigError}
 */
export function smartCache(options: SiteOptions<Request>): RequestHandler {
  const site = new Site<Request>(options)
  return (request, response, next) => {
    const unsafe = isUnsafe(request.method)
    if (unsafe) {
      const exchange = new ExpressExchange(request, response)
      holdUntil(response, () => (succeeded(response.statusCode) && !onlyAsks(request) ? site.purgeChanged(exchange) : undefined), next)
    }
    // Not for hits: each property that is added to an Express request costs it a hidden class of its own.
    const run = () => {
      request.cache = site.requestCache({ response, visit: request })
      next()
    }
    if (site.pages !== undefined) return handle(site.pages, request, response, run, next)
    markBypass(response, unsafe ? 'method' : 'no-policy', site.timing)
    return site.run({ response, visit: request }, run)
  }
}

/**
 * Keeps the pages of a route. As middleware before the handler, or around it: `cachePage({ ttl: '15m' }, handler)`.
 * @throws {ConfigError} at start for a policy that cannot be; at the request, if `smartCache()` is not mounted before it
 */
export function cachePage(policy: PagePolicy, handler?: RequestHandler): RequestHandler {
  const resolved = resolvePagePolicy(policy, 'cachePage()')
  functionOf(handler, 'handler')
  return (request, response, next) => {
    const site = siteOf<Request>(request.cache, 'cachePage()')
    const run = handler === undefined ? next : () => runHandler(handler, request, response, next)
    return handle(site.pagesOf(resolved), request, response, run, next)
  }
}

/**
 * Purges when the handler has succeeded (2xx or 3xx), before the response leaves. If the purge fails, so does the request.
 * @throws {ConfigError} or {KeyError} at start for a target that cannot be
 * @example app.put('/posts/:id', invalidates(req => [`post:${req.params.id}`]), update)
 */
export function invalidates(target: TargetOf<Request>): RequestHandler {
  checkTarget(target)
  return (request, response, next) => {
    const { cache } = siteOf<Request>(request.cache, 'invalidates()')
    const purge = async () => cache.invalidate(targetOf(target, request), { why: 'invalidates()' })
    holdUntil(response, () => (succeeded(response.statusCode) ? purge() : undefined), next)
    next()
  }
}

/** What a handler has written when it fails is no page, though somebody may end the response for it. */
async function runHandler(handler: RequestHandler, request: Request, response: Response, next: NextFunction): Promise<void> {
  const failed = () => {
    if (response.headersSent) recordingOf(response)?.never()
  }
  try {
    await handler(request, response, ((onward?: unknown) => {
      if (onward !== undefined && onward !== 'route' && onward !== 'router') failed()
      next(onward)
    }) as NextFunction)
  } catch (error) {
    failed()
    throw error
  }
}

function handle(pages: PageCache<Request>, request: Request, response: Response, run: () => unknown, next: NextFunction): unknown {
  const exchange = new ExpressExchange(request, response)
  const turn = pages.ask(exchange)
  if (!(turn instanceof Promise)) return take(turn, pages, exchange, run)
  return turn.then(
    decided => take(decided, pages, exchange, run),
    (error: unknown) => next(error),
  )
}

function take(turn: Turn, pages: PageCache<Request>, exchange: ExpressExchange, run: () => unknown): unknown {
  const { response } = exchange
  switch (turn.do) {
    case 'serve':
      try {
        send(response, turn.answer)
      } finally {
        turn.refresh?.()
      }
      return
    case 'record':
      observe(response, turn.recording)
      return runUnder(pages, exchange, turn.recording.scope, run)
    case 'pass':
      markBypass(response, turn.reason, pages.timing)
      return runUnder(pages, exchange, undefined, run)
    case 'drop':
      return
  }
}
