import { STATUS_CODES } from 'node:http'
import type { Context, Middleware, Next } from 'koa'
import { send, type Answer } from '../../lib/responses/answer.js'
import { holdUntil } from '../../lib/responses/hold.js'
import { runUnder } from '../../lib/pages/hole-maker.js'
import { holedOf } from '../../lib/responses/holed-response.js'
import { markBypass } from '../../lib/responses/mark.js'
import { functionOf } from '../../lib/options.js'
import { observe } from '../../lib/responses/observe.js'
import type { PageCache } from '../../lib/pages/page-cache.js'
import { resolvePagePolicy, type PagePolicyOptions } from '../../lib/pages/page-policy.js'
import type { ResponseRecorder } from '../../lib/responses/response-recorder.js'
import { onlyAsks } from '../../lib/pages/question.js'
import { isUnsafe } from '../../lib/pages/request-gate.js'
import { checkTarget, Site, siteOf, succeeded, targetOf, type RequestCache, type SiteOptions, type TargetOf } from '../../lib/pages/site.js'
import type { Turn } from '../../lib/pages/turn.js'
import { bringBytes, bytesAtHand, comesInParts, recordStream } from './body.js'
import { KoaExchange } from './exchange.js'
import { fillAfterFailure, fillBody } from './fill-body.js'
import { show } from './show.js'

declare module 'koa' {
  interface DefaultContext {
    /** What a handler can say of the page it is making. Installed by `smartCache()`. */
    cache: RequestCache
  }
}

/** A policy for pages of a Koa application; its functions are given the context. */
export type PagePolicy = PagePolicyOptions<Context>

/**
 * Installs `ctx.cache`. Keeps nothing by itself, unless `pages` gives a policy for the whole site; a route's own `cachePage` wins over that.
 * A request with an unsafe method that succeeds purges what is kept for its own URL, before its response leaves (RFC 9111, 4.4).
 *
 * What is mounted before it runs for hits as well; what is mounted after it does not.
 * @throws {ConfigError}
 */
export function smartCache(options: SiteOptions<Context>): Middleware {
  const site = new Site<Context>(options)
  const middleware: Middleware = (context, next) => {
    const unsafe = isUnsafe(context.method)
    const { pages } = site
    const run = () => {
      context.cache = site.requestCache(new KoaExchange(context))
      return next()
    }
    const runUnkept = () => filling(context, () => site.run(new KoaExchange(context), run))
    if (!unsafe && pages !== undefined) return handle(pages, context, run, context.app.middleware[0] === middleware)
    if (pages === undefined) markBypass(context.res, unsafe ? 'method' : 'no-policy', site.timing)
    if (!unsafe) return runUnkept()
    return purgingAfter(
      context,
      () => (pages === undefined ? runUnkept() : handle(pages, context, run, false)),
      () => (onlyAsks(context.req) ? undefined : site.purgeChanged(new KoaExchange(context))),
    )
  }
  return middleware
}

/**
 * Keeps the pages of a route. As middleware before the handler, or around it: `cachePage({ ttl: '15m' }, handler)`.
 * @throws {ConfigError} at start for a policy that cannot be; at the request, if `smartCache()` is not mounted before it
 */
export function cachePage(policy: PagePolicy, handler?: Middleware): Middleware {
  const resolved = resolvePagePolicy(policy, 'cachePage()')
  functionOf(handler, 'handler')
  return async (context, next) => {
    const pages = siteOf<Context>(context.cache, 'cachePage()').pagesOf(resolved)
    await handle(pages, context, handler === undefined ? next : () => handler(context, next), false)
  }
}

/**
 * Purges when the handler has succeeded (2xx or 3xx), before the response leaves. If the purge fails, so does the request.
 * @throws {ConfigError} or {KeyError} at start for a target that cannot be
 * @example router.put('/posts/:id', invalidates(ctx => [`post:${ctx.params.id}`]), update)
 */
export function invalidates(target: TargetOf<Context>): Middleware {
  checkTarget(target)
  return async (context, next) => {
    const { cache } = siteOf<Context>(context.cache, 'invalidates()')
    await purgingAfter(context, next, async () => cache.invalidate(targetOf(target, context), { why: 'invalidates()' }))
  }
}

/**
 * Purges when what was run has succeeded, before its response leaves. Koa sends what a handler describes when all middleware has run; where
 * a handler writes to Node's response itself, that is held.
 */
async function purgingAfter(context: Context, run: Next, purge: () => Promise<void> | undefined): Promise<void> {
  const due = () => (succeeded(context.status) ? purge() : undefined)
  const hold = holdUntil(context.res, due, error => context.onerror(error as Error))
  try {
    await run()
  } catch (error) {
    if (!hold.isBegun()) hold.release()
    throw error
  }
  if (hold.isBegun() || context.respond === false) return
  hold.release()
  await due()
}

/** @param outermost whether no middleware runs around this one, so that nobody could add to an answer */
async function handle(pages: PageCache<Context>, context: Context, run: Next, outermost: boolean): Promise<void> {
  const exchange = new KoaExchange(context)
  const asked = pages.ask(exchange)
  const turn = asked instanceof Promise ? await asked : asked
  switch (turn.do) {
    case 'serve':
      try {
        if (outermost) sendPastKoa(context, turn.answer)
        else show(context, turn.answer)
      } finally {
        turn.refresh?.()
      }
      return
    case 'record':
      return record(pages, exchange, turn, run, outermost)
    case 'pass':
      markBypass(context.res, turn.reason, pages.timing)
      await filling(context, () => runUnder(pages, exchange, undefined, run))
      return
    case 'drop':
      return
  }
}

/** Runs what is not kept, and fills its holes. */
async function filling(context: Context, run: () => unknown): Promise<void> {
  try {
    await run()
  } catch (error) {
    fillAfterFailure(context)
    throw error
  }
  fillBody(context)
}

/**
 * Koa's handlers describe the response and Koa writes it at the end, so it is read off the context when they have done: middleware outside
 * may still change it. A handler that writes to Node's response itself is watched there.
 */
async function record(
  pages: PageCache<Context>,
  exchange: KoaExchange,
  { recording }: Turn & { do: 'record' },
  run: Next,
  outermost: boolean,
): Promise<void> {
  const { visit: context } = exchange
  const watch = observe(context.res, recording)
  try {
    await runUnder(pages, exchange, recording.scope, run)
  } catch (error) {
    const status = statusOf(error)
    const instead = status >= 500 ? recording.failOver(error) : undefined
    if (instead === undefined) {
      // Koa's answer to an error starts from an empty head; the watch goes on, so that it says what became of the request.
      recording.refuseThrown(status)
      fillAfterFailure(context)
      throw error
    }
    watch.release()
    show(context, instead)
    return
  }
  if (context.respond === false || context.res.headersSent) return
  if (watch.isWrapped()) {
    // Who has wrapped the response further in is yet to add to it. With nobody outside to add as well, it can be watched until it leaves.
    if (outermost) return
    recording.expectHooks()
  }
  watch.release()
  if (recording.gaveWay) fillBody(context)
  else readOff(context, recording, outermost)
}

/** The status with which Koa will answer the error. Below 500 it is an answer like any: forbidden, not there. */
function statusOf(error: unknown): number {
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown }
  const given = status || statusCode
  return typeof given === 'number' && given in STATUS_CODES ? given : 500
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** As Koa does before it sends no content. But a 304 may say of which type that is what is kept (RFC 9111, 3.2). */
function takeBody(context: Context): void {
  const type = context.res.getHeader('content-type')
  context.body = null
  if (context.status === 304 && type !== undefined) context.res.setHeader('Content-Type', type)
}

function readOff(context: Context, recording: ResponseRecorder, outermost: boolean): void {
  if (BODILESS.has(context.status)) takeBody(context)
  if (holedOf(context.res) !== undefined) {
    fillBody(context, recording)
    return
  }
  const whole = bytesAtHand(context)
  // Middleware further out is to find what the handler gave.
  if (outermost && whole !== undefined) bringBytes(context, whole)
  const { body } = context
  const inParts = comesInParts(body) ? body : undefined
  if (whole === undefined && inParts === undefined) recording.refuse('body')
  const instead = recording.head(whole)
  if (inParts !== undefined && instead === undefined) {
    recordStream(context, inParts, recording)
    return
  }
  if (whole !== undefined) {
    recording.chunk(whole)
    recording.end()
  }
  if (instead !== undefined) show(context, instead)
}

function sendPastKoa(context: Context, answer: Answer): void {
  context.respond = false
  send(context.res, answer)
}
