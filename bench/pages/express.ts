import type { RequestListener } from 'node:http'
import apicache from 'apicache'
import express, { type Express } from 'express'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { makePage } from './origin.js'
import { body, head, headOf304 } from './page.js'

/** The applications on Express, by name. All answer `GET /page`. */
export const expressApps: Readonly<Record<string, () => RequestListener>> = {
  'empty middleware': () => express().use((_request, response) => response.writeHead(200, head).end(body)),
  'empty route': () => express().get('/page', (_request, response) => response.writeHead(200, head).end(body)),
  'empty 304': () => express().use((_request, response) => response.writeHead(304, headOf304).end()),
  'no cache': () => withHandler(express()),
  site: () => withHandler(express().use(smartCache({ cache: createCache(), pages: { ttl: '1h' } }))),
  route: () =>
    withHandler(
      express()
        .use(smartCache({ cache: createCache() }))
        .get('/page', cachePage({ ttl: '1h' })),
    ),
  'apicache site': () => withHandler(express().use(apicache.middleware('1 hour'))),
  'apicache route': () => withHandler(express().get('/page', apicache.middleware('1 hour'))),
}

function withHandler(app: Express): Express {
  return app.get('/page', (_request, response) => response.json(makePage()))
}
