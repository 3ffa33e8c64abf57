import { createServer as createHttpServer, type Server } from 'node:http'
import apicache from 'apicache'
import express, { type Express } from 'express'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { createServer, inFront } from 'smart-cache/node'
import { counted } from '../analytics/counted.js'
import { holedPage } from './holed-page.js'
import { makePage } from './origin.js'
import type { Page } from './page.js'

/** The applications on Express, by name, on their servers. All answer `GET /page`. */
export const expressApps: Readonly<Record<string, (page: Page) => Server>> = {
  'empty middleware': page => serve(emptyMiddleware(page)),
  'empty middleware, matched': page => createServer(emptyMiddleware(page)),
  'empty route': ({ head, body }) => serve(express().get('/page', (_request, response) => response.writeHead(200, head).end(body))),
  'empty 304': ({ headOf304 }) => serve(express().use((_request, response) => response.writeHead(304, headOf304).end())),
  'no cache': page => serve(withHandler(express(), page)),
  'no cache, matched': page => createServer(withHandler(express(), page)),
  site: page => serve(site(page)),
  'site, matched': page => createServer(site(page)),
  holes: page => serve(withHoles(page, false)),
  'promised holes': page => serve(withHoles(page, true)),
  route: page =>
    serve(
      withHandler(
        express()
          .use(smartCache({ cache: createCache() }))
          .get('/page', cachePage({ ttl: '1h' })),
        page,
      ),
    ),
  front: page => {
    const cache = createCache()
    return serve(inFront(cache, withHandler(express().use(smartCache({ cache, pages: { ttl: '1h', front: true } })), page)))
  },
  'front, counted': page => {
    const cache = counted(createCache())
    return serve(inFront(cache, withHandler(express().use(smartCache({ cache, pages: { ttl: '1h', front: true } })), page)))
  },
  'route, counted': page =>
    serve(
      withHandler(
        express()
          .use(smartCache({ cache: counted(createCache()) }))
          .get('/page', cachePage({ ttl: '1h' })),
        page,
      ),
    ),
  'apicache site': page => serve(withHandler(express().use(apicache.middleware('1 hour')), page)),
  'apicache route': page => serve(withHandler(express().get('/page', apicache.middleware('1 hour')), page)),
}

const serve = createHttpServer

function emptyMiddleware({ head, body }: Page): Express {
  return express().use((_request, response) => response.writeHead(200, head).end(body))
}

function site(page: Page): Express {
  return withHandler(express().use(smartCache({ cache: createCache(), pages: { ttl: '1h' } })), page)
}

function withHoles(page: Page, promised: boolean): Express {
  const app = express().use(smartCache({ cache: createCache(), pages: { ttl: '1h' } }))
  return app.get('/page', (request, response) => {
    const html = holedPage(page, (name, fill) => request.cache.hole(name, fill), promised)
    response.type(page.head['Content-Type'] ?? '').send(html)
  })
}

function withHandler(app: Express, page: Page): Express {
  const { 'Content-Type': type = '' } = page.head
  return app.get('/page', (_request, response) => {
    const content = makePage(page)
    if (typeof content === 'string' || Buffer.isBuffer(content)) response.type(type).send(content)
    else response.json(content)
  })
}
