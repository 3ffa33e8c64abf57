import { createServer, type Server } from 'node:http'
import Koa, { type Middleware } from 'koa'
import koaCash from 'koa-cash'
import { LRUCache } from 'lru-cache'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/koa'
import { inFront } from 'smart-cache/node'
import { holedPage } from './holed-page.js'
import { makePage } from './origin.js'
import type { Page } from './page.js'

const HOUR_MS = 3_600_000

/** The applications on Koa, by name, on their servers. All answer `GET /page`. */
export const koaApps: Readonly<Record<string, (page: Page) => Server>> = {
  'empty middleware': ({ head, body }) => serve(endItself(200, head, body)),
  'empty 304': ({ headOf304 }) => serve(endItself(304, headOf304, undefined)),
  'empty body': page => serve(around, setBody(page)),
  'no cache': page => serve(handler(page)),
  site: page => serve(smartCache({ cache: createCache(), pages: { ttl: '1h' } }), handler(page)),
  holes: page => serve(smartCache({ cache: createCache(), pages: { ttl: '1h' } }), withHoles(page, false)),
  'promised holes': page => serve(smartCache({ cache: createCache(), pages: { ttl: '1h' } }), withHoles(page, true)),
  inside: page => serve(around, smartCache({ cache: createCache(), pages: { ttl: '1h' } }), handler(page)),
  route: page => serve(smartCache({ cache: createCache() }), cachePage({ ttl: '1h' }), handler(page)),
  front: page => {
    const cache = createCache()
    return createServer(inFront(cache, app(smartCache({ cache, pages: { ttl: '1h', front: true } }), handler(page))))
  },
  'koa-cash': page => serve(keptByKoaCash(), askKoaCash, handler(page)),
}

function serve(...middleware: readonly Middleware[]): Server {
  return createServer(app(...middleware).callback())
}

function app(...middleware: readonly Middleware[]): Koa {
  const built = new Koa()
  for (const one of middleware) built.use(one)
  return built
}

function handler(page: Page): Middleware {
  const { 'Content-Type': type = '' } = page.head
  return context => {
    context.type = type
    context.body = makePage(page)
  }
}

function withHoles(page: Page, promised: boolean): Middleware {
  return context => {
    context.type = page.head['Content-Type'] ?? ''
    context.body = holedPage(page, (name, fill) => context.cache.hole(name, fill), promised)
  }
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

function setBody({ head, body }: Page): Middleware {
  return context => {
    context.set({ ...head })
    context.body = body
  }
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
