import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getResults, runTests } from 'http-cache-tests/client/runner.mjs'
import { Redis } from 'ioredis'
import { createCache } from 'smart-cache'
import { frameworks } from '../pages/frameworks.js'
import { openStore } from '../redis/clients.js'
import { plainFetch } from './asking.js'
import { suiteOrigin } from './origin.js'
import { forward, replies } from './proxying.js'
import { suitesOf } from './suite.js'

/** The suite runs once in a process: it keeps its results in its modules. */
const [name, reply = '', ...only] = process.argv.slice(2)
const framework = frameworks.find(each => each.name === name)
const answer = replies[reply]
if (framework === undefined || answer === undefined) throw new Error(`There is no ${name ?? ''} with ${reply}`)

const origin = await listening(suiteOrigin())
const redisUrl = process.env['CONFORMANCE_REDIS_URL']
const client = redisUrl === undefined ? undefined : new Redis(redisUrl)
// Without a near tier: whatever is served again comes from Redis.
const cache = client === undefined ? createCache() : createCache({ store: await openStore(client, 1, { near: false }) })
const app = framework.app({ cache, ran() {}, failed() {}, proxy: false })
app.use(app.smartCache({ pages: { honor: 'origin' } }))
app.handle(async visit => answer(visit, await forward(visit, portOf(origin))))
const proxy = await listening(createServer(app.listener()))

await runTests(suitesOf(only), plainFetch, false, `http://127.0.0.1:${portOf(proxy)}`, 100)
process.send?.(getResults())
for (const server of [proxy, origin]) server.close()
await cache.close()
client?.disconnect()

async function listening(server: Server): Promise<Server> {
  await new Promise<void>(resolve => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve))
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
