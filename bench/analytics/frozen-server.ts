import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import knex from 'knex'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { analytics } from 'smart-cache/knex'
import { serveQuestions } from '../measure/questions.js'

/** What the parent can learn of it. */
export interface FrozenServer {
  readonly port: number
  /** Rows that wait to be written. */
  readonly buffered: number
}

/** With the URL of a database what the cache does is written down there. */
const [database = ''] = process.argv.slice(2)
const cache = createCache()
const stats =
  database === ''
    ? undefined
    : analytics({ knex: knex({ client: 'pg', connection: database, log: { warn: () => undefined } }), cache, sample: 1, flushEvery: 200 })
const app = express()
app.use(smartCache({ cache }))
app.get('/page/:n', cachePage({ ttl: '1h' }), (request, response) => void response.send(`${request.params['n']} `.repeat(256)))
const server = createServer(app)
server.listen(0, '127.0.0.1')
server.keepAliveTimeout = 600_000
await once(server, 'listening')
const { port } = server.address() as AddressInfo
serveQuestions((): FrozenServer => ({ port, buffered: stats?.health.buffered ?? 0 }))
