import { expect } from 'chai'
import { once } from 'node:events'
import type { Context, Middleware, Next } from 'koa'
import { Readable } from 'node:stream'
import type { Mount, Step } from '../pages/framework.js'
import { closeSites } from '../pages/site.js'
import { onKoa } from './framework.js'

describe('Koa middleware around a page', () => {
  afterEach(closeSites)

  const around = (outer: Middleware, handler: Step = visit => visit.set('X-Own', 'yes').send('hello')) =>
    onKoa.site(app => {
      const mount: Mount = { middleware: outer }
      app.use(mount, app.smartCache(), app.cachePage({ ttl: '1m' }))
      app.handle(handler)
    })

  it('may set headers after it, on misses and on hits', async () => {
    let request = 0
    const site = await around(async (context: Context, next: Next) => {
      await next()
      context.set('X-Response-Time', `${++request}`)
      context.append('Link', '</outer>')
      context.res.appendHeader('Set-Cookie', `visitor=${request}`)
    })
    for (const asked of ['1', '2', '3']) {
      const reply = await site.ask()
      expect(reply.headers['x-response-time']).to.equal(asked)
      expect(reply.headers['link']).to.equal('</outer>')
      expect(reply.headers['set-cookie']).to.deep.equal([`visitor=${asked}`])
      expect([reply.headers['x-own'], reply.text]).to.deep.equal(['yes', 'hello'])
    }
  })

  it('may add to a list that the route has begun, for this answer alone', async () => {
    let request = 0
    const site = await around(
      async (context, next) => {
        await next()
        context.res.appendHeader('Link', `</${++request}>`)
      },
      visit => visit.set('Link', ['</a>', '</b>']).send('hello'),
    )
    for (const asked of [1, 2, 3]) expect((await site.ask()).headers['link']).to.equal(`</a>, </b>, </${asked}>`)
    expect(site.runs).to.equal(1)
  })

  it('may wrap what the handler gave, while that is kept as it was', async () => {
    const site = await around(async (context, next) => {
      await next()
      if (typeof context.body === 'string') context.body = context.body.toUpperCase()
    })
    expect((await site.ask()).text).to.equal('HELLO')
    expect((await site.ask()).text).to.equal('hello')
    expect(site.runs).to.equal(1)
  })

  it('sees status, type and body as the handler’s own, on misses and on hits', async () => {
    const seen: unknown[] = []
    const site = await around(
      async (context, next) => {
        await next()
        seen.push([context.status, context.type, context.length, String(context.body)])
      },
      visit => {
        visit.status(203)
        visit.send('hello')
      },
    )
    for (let asked = 0; asked < 2; asked++) await site.ask()
    expect(seen).to.deep.equal(Array(2).fill([203, 'text/plain', 5, 'hello']))
  })

  it('may put another body in the place of the page', async () => {
    const site = await around(async (context, next) => {
      await next()
      context.body = `<${String(context.body)}>`
    })
    for (let asked = 0; asked < 3; asked++) expect((await site.ask()).text).to.equal('<hello>')
    expect(site.runs).to.equal(1)
  })

  it('may answer an error in its own way, which is not kept', async () => {
    const site = await around(
      async (context, next) => {
        try {
          await next()
        } catch (error) {
          context.status = 503
          context.body = `sorry: ${String(error)}`
        }
      },
      () => {
        throw new Error('broken')
      },
    )
    for (const run of [1, 2]) {
      const reply = await site.ask()
      expect([reply.status, reply.text]).to.deep.equal([503, 'sorry: Error: broken'])
      expect(site.runs).to.equal(run)
    }
  })

  it('finds the request as the visitor sent it, when the handler has done', async () => {
    const seen: unknown[] = []
    const site = await around(async (context, next) => {
      await next()
      seen.push(context.get('If-None-Match'), context.get('Range'))
    })
    await site.ask({ headers: { 'If-None-Match': '"x"', Range: 'bytes=0-1' } })
    expect(seen).to.deep.equal(['"x"', 'bytes=0-1'])
  })

  it('may forbid that the page is kept, also after it', async () => {
    const site = await around(async (context, next) => {
      await next()
      context.set('Cache-Control', 'private')
    })
    for (const run of [1, 2]) {
      expect((await site.ask()).headers['cache-control']).to.equal('private')
      expect(site.runs).to.equal(run)
    }
  })

  it('inside that wraps Node’s response is heard to the last', async () => {
    const site = await onKoa.site(app => {
      const late: Mount = {
        middleware: async ({ res }: Context, next: Next) => {
          const { writeHead } = res
          res.writeHead = ((...args: Parameters<typeof writeHead>) => {
            res.setHeader('Set-Cookie', 'session=7')
            return writeHead.apply(res, args)
          }) as typeof writeHead
          await next()
        },
      }
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }), late)
      app.handle(visit => visit.send('hello'))
    })
    for (const run of [1, 2]) {
      const reply = await site.ask()
      expect([reply.text, reply.headers['set-cookie']]).to.deep.equal(['hello', ['session=7']])
      expect(site.runs).to.equal(run)
    }
  })

  it('as the outermost of all is the cache itself, and hits go past Koa', async () => {
    const site = await onKoa.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.handle(visit => visit.set('Link', ['</a>', '</b>']).send('hello'))
    })
    const miss = await site.ask()
    const hit = await site.ask()
    expect(hit.outcome).to.equal('hit; ttl=60')
    for (const name of ['link', 'etag', 'content-type', 'content-length']) expect(hit.headers[name]).to.equal(miss.headers[name])
    expect(hit.text).to.equal('hello')
    expect((await site.ask({ method: 'HEAD' })).headers['content-length']).to.equal('5')
  })

  it('lets a stream’s error reach Koa as it would without a cache', async () => {
    const site = await around(
      (_context, next) => next(),
      visit => {
        const source = new Readable({ read() {} })
        visit.stream(source)
        setImmediate(() => source.destroy(new Error('broken')))
      },
    )
    await site.ask().catch(() => undefined)
    await site.eventually(() => site.errors.length > 0)
    expect(String(site.errors[0])).to.equal('Error: broken')
    expect(site.heard('fill')).to.deep.equal([])
  })

  it('that has gone takes its source with it', async () => {
    const source = new Readable({ read() {} })
    const site = await around(
      (_context, next) => next(),
      visit => visit.stream(source),
    )
    const asked = site.ask().catch(() => 'gone')
    await site.arrivals(1)
    source.push('first')
    await site.eventually(() => site.runs === 1)
    site.leaveAll()
    await once(source, 'close')
    expect(await asked).to.equal('gone')
  })
})
