import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveQuestions } from '../measure/questions.js'
import { expressApps } from './express.js'
import { koaApps } from './koa.js'
import { pagesMade } from './origin.js'
import { body, head } from './page.js'

/** What the parent can learn of a server. */
export interface ServerState {
  readonly port: number
  readonly cpuUs: number
  readonly pagesMade: number
}

const nodeApps: Readonly<Record<string, () => RequestListener>> = {
  raw: () => (_request, response) => response.writeHead(200, head).end(body),
}

const [framework = '', name = ''] = process.argv.slice(2)
const makeApp = { Express: expressApps, Koa: koaApps, Node: nodeApps }[framework]?.[name]
if (makeApp === undefined) throw new Error(`There is no application "${name}" on ${framework}`)

// Connections stay open from turn to turn.
const server = createServer({ keepAliveTimeout: 600_000 }, makeApp()).listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo

serveQuestions((): ServerState => {
  const { user, system } = process.cpuUsage()
  return { port, cpuUs: user + system, pagesMade: pagesMade() }
})
