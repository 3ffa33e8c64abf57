import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveQuestions } from '../measure/questions.js'
import { expressApps } from './express.js'
import { koaApps } from './koa.js'
import { pagesMade } from './origin.js'
import { page, type Page } from './page.js'

/** What the parent can learn of a server. */
export interface ServerState {
  readonly port: number
  readonly cpuUs: number
  readonly pagesMade: number
}

const nodeApps: Readonly<Record<string, (page: Page) => Server>> = {
  raw: ({ head, body }) => createServer((_request, response) => response.writeHead(200, head).end(body)),
  'raw 304': ({ headOf304 }) => createServer((_request, response) => response.writeHead(304, headOf304).end()),
  // What stands behind a proxy that caches.
  origin: ({ head: { 'Content-Type': type, ETag: etag }, body }) =>
    createServer((_request, response) => {
      response
        .writeHead(200, { 'Content-Type': type, ETag: etag, 'Content-Length': body.length, 'Cache-Control': 'max-age=3600' })
        .end(body)
    }),
}

/** With `misses` each request is for a page of its own. */
const [framework = '', name = '', kind = '', misses = ''] = process.argv.slice(2)
const makeApp = { Express: expressApps, Koa: koaApps, Node: nodeApps }[framework]?.[name]
if (makeApp === undefined) throw new Error(`There is no application "${name}" on ${framework}`)

// Connections stay open from turn to turn.
const server = makeApp(page(kind))
if (misses === 'misses') {
  const [answer] = server.listeners('request') as [RequestListener]
  let asked = 0
  server.removeAllListeners('request').on('request', (request, response) => {
    request.url = `/page?n=${asked++}`
    answer(request, response)
  })
}
server.listen(0, '127.0.0.1')
server.keepAliveTimeout = 600_000
await once(server, 'listening')
const { port } = server.address() as AddressInfo

serveQuestions((): ServerState => {
  const { user, system } = process.cpuUsage()
  return { port, cpuUs: user + system, pagesMade: pagesMade() }
})
