import type { AddressInfo } from 'node:net'
import Router from '@koa/router'
import Koa from 'koa'
import { createCache } from 'smart-cache'
import { cachePage, invalidates, smartCache } from 'smart-cache/koa'
import { posts } from './posts.js'

const cache = createCache()
const app = new Koa()
const router = new Router()
app.use(smartCache({ cache }))

router.get('/posts', cachePage({ ttl: '15m', tags: ['posts'] }), async ctx => {
  ctx.body = await posts.all()
})

router.put('/posts/:id', invalidates('posts'), async ctx => {
  await posts.rename(Number(ctx['params'].id), String(ctx.query['title']))
  ctx.status = 204
})

app.use(router.routes())

const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}/posts`)
})
