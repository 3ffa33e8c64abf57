import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, use } from 'chai'
import express from 'express'
import { createCache } from 'smart-cache'
import { cacheAssertions } from 'smart-cache/chai'
import { cachePage, smartCache } from 'smart-cache/express'
import { recordingStore } from 'smart-cache/testing'
import { posts } from './posts.js'

use(cacheAssertions)

const store = recordingStore()
const cache = createCache({ store })
const app = express()
app.use(smartCache({ cache }))
app.get('/posts', cachePage({ ttl: '15m', tags: ['posts'] }), async (_req, res) => {
  res.json(await posts.all())
})
const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

expect(await fetch(`${url}/posts`)).to.be.a.cacheMiss
expect(await fetch(`${url}/posts`)).to.be.a.cacheHit
await cache.invalidate('posts')
expect(await fetch(`${url}/posts`)).to.be.a.cacheMiss

// What the application asked of the store:
expect(store.calls('purge').map(({ names }) => names)).to.deep.equal([['posts']])
expect(store.calls('fill')).to.have.length(2)

server.closeAllConnections()
server.close()
await cache.close()
