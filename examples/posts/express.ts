import type { AddressInfo } from 'node:net'
import express from 'express'
import { createCache } from 'smart-cache'
import { cachePage, invalidates, lastModified, smartCache } from 'smart-cache/express'
import { posts } from './posts.js'

const cache = createCache() // in the memory of this process; nothing to install
const app = express()
app.use(smartCache({ cache })) // installs req.cache; keeps nothing by itself

app.get('/posts', cachePage({ ttl: '15m', tags: ['posts'] }), async (_req, res) => {
  res.json(await posts.all())
})

app.post('/posts', async (req, res) => {
  await posts.insert(String(req.query['title']))
  await cache.invalidate('posts') // from here on nobody is served the old page
  res.redirect(303, '/posts')
})

app.get('/posts/:id', cachePage({ ttl: '15m' }), async (req, res) => {
  const post = await posts.find(Number(req.params['id']))
  req.cache.tag(`post:${req.params['id']}`) // what the page turned out to depend on
  res.json(post)
})

app.put(
  '/posts/:id',
  invalidates(req => ['posts', `post:${req.params['id']}`]), // the same, declared: purges before the answer leaves
  async (req, res) => {
    await posts.rename(Number(req.params['id']), String(req.query['title']))
    res.sendStatus(204)
  },
)

app.get('/me', cachePage({ ttl: '5m', vary: { cookies: ['session'] } }), (req, res) => {
  res.send(`You came with ${req.headers.cookie ?? 'no cookie'}`)
})

app.get(
  '/latest',
  lastModified(() => posts.changedAt()), // 304 to who has it, before the work
  async (_req, res) => {
    res.json((await posts.all()).at(-1))
  },
)

const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}/posts`)
})
