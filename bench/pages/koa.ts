import type { RequestListener } from 'node:http'
import Koa, { type Middleware } from 'koa'
import koaCash from 'koa-cash'
import { LRUCache } from 'lru-cache'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/koa'
import { makePage } from './origin.js'
import { body, head, headOf304 } from './page.js'

const HOUR_MS = 3_600_000

/** The applications on Koa, by name. All answer `GET /page`. */
export const koaApps: Readonly<Record<string, () => RequestListener>> = {
  'empty middleware': () => app(endItself(200, head, body)),
  'empty 304': () => app(endItself(304, headOf304, undefined)),
  'empty body': () => app(around, setBody),
  'no cache': () => app(handler),
  site: () => app(smartCache({ cache: createCache(), pages: { ttl: '1h' } }), handler),
  inside: () => app(around, smartCache({ cache: createCache(), pages: { ttl: '1h' } }), handler),
  route: () => app(smartCache({ cache: createCache() }), cachePage({ ttl: '1h' }), handler),
  'koa-cash': () => app(keptByKoaCash(), askKoaCash, handler),
}

function app(...middleware: readonly Middleware[]): RequestListener {
  const built = new Koa()
  for (const one of middleware) built.use(one)
  return built.callback()
}

const handler: Middleware = context => {
  context.body = makePage()
}

/** What stands outside of the cache in most applications: a log, a clock, a net for errors. */
const around: Middleware = async (_context, next) => {
  await next()
}

function endItself(status: number, fields: Readonly<Record<string, string>>, bytes: Buffer | undefined): Middleware {
  return context => {
    context.respond = false
    context.res.writeHead(status, fields).end(bytes)
  }
}

const setBody: Middleware = context => {
  context.set(head)
  context.body = body
}

function keptByKoaCash(): Middleware {
  const kept = new LRUCache<string, object>({ max: 1000, ttl: HOUR_MS })
  return koaCash({
    maxAge: HOUR_MS,
    get: async key => kept.get(key),
    set: async (key, value) => void kept.set(key, value as object),
  })
}

const askKoaCash: Middleware = async (context, next) => {
  if (!(await context.cashed())) await next()
}
