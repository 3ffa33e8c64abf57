import type { AddressInfo } from 'node:net'
import * as api from '@opentelemetry/api'
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import express, { type ErrorRequestHandler } from 'express'
import knex from 'knex'
import { Registry } from 'prom-client'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { analytics, cacheQueries } from 'smart-cache/knex'
import { openTelemetry, prometheus } from 'smart-cache/metrics'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'

/** What somebody who measures the site has in the end. */
export interface Measured {
  readonly prometheus: string
  readonly openTelemetry: string
  /** `Cache-Status` and `Server-Timing` of each answer. */
  readonly headers: readonly string[]
}

/*
 * A site whose visitors bring a secret wherever they can. It is measured in all ways that there are, and what they say is written to stdout; its
 * analytics are in the file.
 */
const [filename = '', secret = ''] = process.argv.slice(2)
const client = await SqliteDialect.load()
const open = (name: string) => knex({ client, connection: { filename: name }, useNullAsDefault: true, pool: { min: 1, max: 1 } })
const [written, own] = [open(filename), open(':memory:')]
await own.schema.createTable('users', table => void table.string('token'))
const cache = createCache({ namespace: 'shop' })
const db = cacheQueries(own, cache, { tables: { users: {} } })
const registry = new Registry()
prometheus(cache, registry)
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })] })
api.metrics.setGlobalMeterProvider(provider)
openTelemetry(cache, api)
const stats = analytics({ knex: written, cache, sample: 1 })

const app = express()
app.use(smartCache({ cache, serverTiming: true }))
const varied = cachePage({ ttl: '1m', vary: { cookies: ['session'], headers: ['X-Key'] }, tags: request => [`of:${request.get('X-Key')}`] })
app.get('/mine{/:token}', varied, (_request, response) => void response.send(secret))
app.get('/learned', cachePage({ ttl: '1m' }), (_request, response) => void response.vary('X-Key').send(secret))
app.get('/cookie', cachePage({ ttl: '1m' }), (_request, response) => void response.cookie('session', secret).send('cookie'))
app.get('/failing', cachePage({ ttl: '1m' }), () => {
  throw new Error(secret)
})
app.get('/users', cachePage({ ttl: '1m' }), async (_request, response) => {
  const users = await db('users').where({ token: secret })
  const more = await db.raw(`select * from users where token = '${secret}'`)
  response.json([users, more])
})
const quiet: ErrorRequestHandler = (_error, _request, response, _next) => void response.status(500).end()
app.use(quiet)
const server = app.listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))
const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const headers = { cookie: `session=${secret}; other=${secret}`, 'x-key': secret }
const said: string[] = []
for (const path of [
  '/mine',
  `/mine/${secret}`,
  `/mine?token=${secret}`,
  `/learned?${secret}`,
  '/cookie',
  '/failing',
  '/users',
  `/nowhere?q=${secret}`,
]) {
  for (let n = 0; n < 3; n++) {
    const response = await fetch(site + path, { headers })
    await response.arrayBuffer()
    said.push(`${response.headers.get('cache-status')} ${response.headers.get('server-timing')}`)
  }
}
await fetch(`${site}/mine`, { headers: { ...headers, authorization: `Bearer ${secret}` } })
const word = cache.cached(async (text: string) => text, { name: 'word', tags: text => [text] })
for (let n = 0; n < 3; n++) await word(secret)
await cache.set(`session:${secret}`, secret, { tags: [secret] })
await cache.getOrSet(`broken:${secret}`, () => Promise.reject(new Error(secret))).catch(() => undefined)
await db('users').insert({ token: secret })
await cache.invalidate([secret, `of:${secret}`])
await cache.invalidate({ key: `session:${secret}` })
await cache.invalidate({ pattern: `*${secret}*` })
await cache.invalidate({ url: `/mine?token=${secret}` })
await stats.close()
await provider.forceFlush()
const measured: Measured = {
  prometheus: await registry.metrics(),
  openTelemetry: JSON.stringify(exporter.getMetrics()),
  headers: said,
}
process.stdout.write(JSON.stringify(measured))
server.closeAllConnections()
server.close()
await cache.close()
await provider.shutdown()
await Promise.all([written.destroy(), own.destroy()])
