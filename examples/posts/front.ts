import type { AddressInfo } from 'node:net'
import express from 'express'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { createServer, inFront } from 'smart-cache/node'
import { posts } from './posts.js'

const cache = createCache()
const app = express()
let seen = 0
app.use((_req, _res, next) => {
  seen++
  next()
})
app.use(smartCache({ cache }))

app.get('/posts', cachePage({ ttl: '15m', tags: ['posts'], front: true }), async (_req, res) => {
  res.json(await posts.all())
})

app.get('/seen', (_req, res) => {
  res.send(`Express has seen ${seen} requests`)
})

const server = createServer(inFront(cache, app)) // both from 'smart-cache/node'

server.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}/posts`)
})
