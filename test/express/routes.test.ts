import { expect } from 'chai'
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachePage, smartCache } from 'smart-cache/express'
import { closeSites, Site } from '../pages/site.js'

describe('An Express application', () => {
  afterEach(closeSites)

  const open = (build: (app: ReturnType<typeof express>, site: Site) => void): Promise<Site> => {
    const site = new Site()
    const app = express().set('env', 'test')
    build(app, site)
    return site.listen(app)
  }
  const counted =
    (site: Site, handler: (request: Request, response: Response) => unknown): RequestHandler =>
    (request, response) => {
      site.ran()
      return handler(request, response)
    }

  it('mounted in another keeps its pages by their whole URL, and refreshes them through the outermost', async () => {
    const seen: string[] = []
    const site = await open((app, opened) => {
      const inner = express()
      inner.use(smartCache({ cache: opened.cache }))
      const router = express.Router()
      router.get(
        '/:id',
        cachePage({ ttl: '1m', grace: '1h' }),
        counted(opened, ({ originalUrl, params }, response) => response.send(`${originalUrl} ${String(params['id'])}`)),
      )
      inner.use('/posts', router)
      app.use((request, _response, next) => {
        seen.push(request.url)
        next()
      })
      app.use('/blog', inner)
    })
    expect((await site.ask('/blog/posts/7')).text).to.equal('/blog/posts/7 7')
    expect((await site.ask('/blog/posts/8')).text).to.equal('/blog/posts/8 8')
    expect((await site.ask('/blog/posts/7')).outcome).to.equal('hit; ttl=60')
    site.clock.advance('2m')
    await site.ask('/blog/posts/7')
    await site.eventually(() => site.heard('fill').length === 3)
    expect(seen).to.deep.equal(['/blog/posts/7', '/blog/posts/8', '/blog/posts/7', '/blog/posts/7', '/blog/posts/7'])
    expect((await site.ask('/blog/posts/7')).outcome).to.equal('hit; ttl=60')
    await site.cache.invalidate({ url: '/blog/posts/7' })
    expect((await site.ask('/blog/posts/7')).outcome).to.equal('fwd=uri-miss')
  })

  it('may hand a page on from one handler to the next', async () => {
    const site = await open((app, opened) => {
      app.use(smartCache({ cache: opened.cache }))
      app.get('/', cachePage({ ttl: '1m' }), (_request, response, next) => {
        response.set('X-First', 'yes')
        next()
      })
      app.get(
        '/',
        counted(opened, (_request, response) => response.send('hello')),
      )
    })
    await site.ask()
    const hit = await site.ask()
    expect([hit.text, hit.headers['x-first'], hit.outcome]).to.deep.equal(['hello', 'yes', 'hit; ttl=60'])
  })

  it('has the answers of its error handler kept only with a status that is kept', async () => {
    const site = await open((app, opened) => {
      app.use(smartCache({ cache: opened.cache }))
      app.get(
        '/:status',
        cachePage({ ttl: '1m', statuses: [200, 404] }),
        counted(opened, ({ params }) => {
          throw Object.assign(new Error('no'), { status: Number(params['status']) })
        }),
      )
      const answer: ErrorRequestHandler = (error: { readonly status: number }, _request, response, _next) => {
        response.status(error.status).json({ error: error.status })
      }
      app.use(answer)
    })
    for (const [path, runs] of [
      ['/404', 1],
      ['/503', 2],
    ] as const) {
      site.runs = 0
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask(path)
        expect([reply.status, reply.text]).to.deep.equal([Number(path.slice(1)), `{"error":${path.slice(1)}}`])
      }
      expect(site.runs).to.equal(runs)
    }
  })

  it('keeps a redirect with its Location, for each kind of reader', async () => {
    const site = await open((app, opened) => {
      app.use(smartCache({ cache: opened.cache }))
      app.get(
        '/',
        cachePage({ ttl: '1m' }),
        counted(opened, (_request, response) => response.redirect(301, '/new')),
      )
    })
    for (let round = 0; round < 2; round++) {
      for (const [accept, text] of [
        ['text/html', /<p>Moved Permanently/],
        ['text/plain', /^Moved Permanently/],
      ] as const) {
        const reply = await site.ask({ headers: { Accept: accept } })
        expect([reply.status, reply.headers['location']]).to.deep.equal([301, '/new'])
        expect(reply.text).to.match(text)
      }
    }
    expect(site.runs).to.equal(2)
  })

  it('passes parameters of its routes to a policy that stands in the route', async () => {
    const site = await open((app, opened) => {
      app.use(smartCache({ cache: opened.cache }))
      app.get(
        '/posts/:id',
        cachePage({ ttl: '1m', tags: ({ params }) => [`post:${String(params['id'])}`] }),
        counted(opened, (_request, response) => response.send('hello')),
      )
    })
    for (const id of [7, 8]) await site.ask(`/posts/${id}`)
    await site.cache.invalidate('post:7')
    expect((await site.ask('/posts/7')).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask('/posts/8')).outcome).to.equal('hit; ttl=60')
  })

  describe('that sends a file', () => {
    let folder = ''
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'smart-cache-'))
      await writeFile(join(folder, 'page.html'), '<p>hello</p>')
    })
    after(() => rm(folder, { recursive: true }))

    const sending = (options: object) =>
      open((app, opened) => {
        app.use(smartCache({ cache: opened.cache }))
        app.get(
          '/',
          cachePage({ ttl: '1m' }),
          counted(opened, (_request, response) => response.sendFile('page.html', { root: folder, ...options })),
        )
      })

    it('keeps it whole, whatever part of it a visitor asks for', async () => {
      const site = await sending({ maxAge: '1h' })
      const first = await site.ask({ headers: { Range: 'bytes=0-2', 'If-None-Match': '*' } })
      expect(first.status).to.equal(200)
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask()
        expect([reply.status, reply.text, reply.outcome]).to.deep.equal([200, '<p>hello</p>', 'hit; ttl=60'])
        expect(reply.headers['last-modified']).to.be.a('string')
        expect(reply.headers['content-type']).to.equal('text/html; charset=utf-8')
      }
      expect((await site.ask({ headers: { 'If-Modified-Since': new Date(Date.now() + 5000).toUTCString() } })).status).to.equal(304)
      expect(site.runs).to.equal(1)
    })

    it('keeps nothing where Express says max-age=0, as it does if nothing is said', async () => {
      const site = await sending({})
      for (let asked = 0; asked < 2; asked++) expect((await site.ask()).outcome).to.equal('fwd=uri-miss; detail=max-age')
    })

    it('that is not kept answers 304, and parts from the second one on, as it would by itself', async () => {
      const site = await sending({})
      const { headers } = await site.ask()
      for (const condition of [{ 'If-None-Match': headers['etag'] }, { 'If-Modified-Since': headers['last-modified'] }]) {
        expect((await site.ask({ headers: condition })).status).to.equal(304)
      }
      const part = await site.ask({ headers: { Range: 'bytes=0-2' } })
      expect([part.status, part.text, part.outcome]).to.deep.equal([206, '<p>', 'fwd=bypass; detail=max-age'])
    })
  })
})
