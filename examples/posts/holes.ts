import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express, { type Request } from 'express'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { posts, type Post } from './posts.js'

const secret = randomBytes(32)
const sessionOf = (req: Request) => /(?:^|; )session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1]
const tokenOf = (req: Request) =>
  createHmac('sha256', secret)
    .update(sessionOf(req) ?? '')
    .digest('base64url')

const html = (all: readonly Post[], token: string, nonce: string) => `<ul>${all.map(({ id }) => `<li>Post ${id}</li>`).join('')}</ul>
<form method="post"><input name="title"><input type="hidden" name="csrf" value="${token}"><button>Add</button></form>
<script nonce="${nonce}">document.forms[0].title.focus()</script>`

const app = express()
app.use((req, res, next) => {
  // For each visitor, and so before anything is kept.
  if (sessionOf(req) === undefined) {
    const session = randomBytes(16).toString('base64url')
    req.headers.cookie = `session=${session}`
    res.cookie('session', session, { httpOnly: true, sameSite: 'lax' })
  }
  next()
})
app.use(smartCache({ cache: createCache() }))

// One page for everybody, made once; its token and its nonce are each visitor's own.
app.get('/posts', cachePage({ ttl: '15m', tags: ['posts'] }), async (req, res) => {
  const token = req.cache.hole('csrf', (visitor: Request) => tokenOf(visitor))
  const nonce = req.cache.nonce()
  res.set('Content-Security-Policy', `script-src 'nonce-${nonce}'`)
  res.send(html(await posts.all(), token, nonce))
})

app.post('/posts', express.urlencoded({ extended: false }), async (req, res) => {
  const { csrf = '', title = '' } = req.body as { csrf?: string; title?: string }
  const [given, own] = [Buffer.from(csrf), Buffer.from(tokenOf(req))]
  if (given.length !== own.length || !timingSafeEqual(given, own)) {
    res.sendStatus(403)
    return
  }
  await posts.insert(title) // the request has changed its own URL, so the page is purged
  res.redirect(303, '/posts')
})

const server = app.listen(Number(process.env['PORT'] ?? 3000), () => {
  console.log(`http://localhost:${(server.address() as AddressInfo).port}/posts`)
})
