import { expect } from 'chai'
import type { Middleware } from 'koa'
import type { AnyVisit } from 'smart-cache'
import type { App } from '../pages/framework.js'
import { closeSites } from '../pages/site.js'
import { onKoa } from './framework.js'

const whoseOf = ({ headers }: AnyVisit) => String(headers['x-visitor'])

describe('A Koa body with holes', () => {
  afterEach(closeSites)

  const additions: Readonly<Record<string, Middleware>> = {
    'adds to': async (ctx, next) => {
      await next()
      ctx.body += ' Bye'
    },
    'writes into another text': async (ctx, next) => {
      await next()
      ctx.body = `${String(ctx.body)} Bye`
    },
    'changes in': async (ctx, next) => {
      await next()
      ctx.body = String(ctx.body).replace(/$/, ' Bye')
    },
  }
  for (const [what, middleware] of Object.entries(additions)) {
    it(`can be one that middleware ${what}, and is kept`, async () => {
      const site = await onKoa.site(app => {
        app.use(app.smartCache(), app.cachePage({ ttl: '1h' }), { middleware })
        app.handle(visit => visit.send(`Hello ${visit.cache.hole('whose', whoseOf)}!`))
      })
      for (const visitor of ['Ann', 'Bea']) {
        const { text, headers } = await site.ask({ headers: { 'X-Visitor': visitor } })
        expect([text, headers['content-type']]).to.deep.equal([`Hello ${visitor}! Bye`, 'text/plain; charset=utf-8'])
      }
      expect(site.runs).to.equal(1)
    })
  }

  it('can be one that its handler adds to', async () => {
    const site = await onKoa.site(app => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1h' }), {
        middleware: ((ctx, next) => {
          ctx.body = '<p>'
          ctx.body += ctx.cache.hole('whose', whoseOf)
          ctx.body += '</p>'
          ctx.body += ctx.cache.hole('whose', whoseOf)
          return next()
        }) satisfies Middleware,
      })
      app.handle(() => {})
    })
    for (const visitor of ['Ann', 'Bea']) {
      const { text, headers } = await site.ask({ headers: { 'X-Visitor': visitor } })
      expect([text, headers['content-type']]).to.deep.equal([`<p>${visitor}</p>${visitor}`, 'text/html; charset=utf-8'])
    }
    expect(site.runs).to.equal(1)
  })

  const apart: Readonly<Record<string, (app: App) => void>> = {
    'a page that is kept': app => app.use(app.smartCache(), app.cachePage({ ttl: '1h' })),
    'one that is not': app => app.use(app.smartCache(), app.cachePage({ ttl: '1h', unless: () => true })),
    'one without a policy': app => app.use(app.smartCache()),
  }
  for (const [what, mount] of Object.entries(apart)) {
    it(`can be one that middleware outside answers with, where the handler of ${what} has failed`, async () => {
      const answerErrors: Middleware = async (ctx, next) => {
        try {
          await next()
        } catch (error) {
          ctx.status = 503
          ctx.body = (error as Error).message
        }
      }
      const site = await onKoa.site(app => {
        app.use({ middleware: answerErrors })
        mount(app)
        app.handle(visit => {
          throw new Error(`Sorry, ${visit.cache.hole('whose', whoseOf)}`)
        })
      })
      for (const visitor of ['Ann', 'Bea']) {
        const { text, status } = await site.ask({ headers: { 'X-Visitor': visitor } })
        expect([status, text]).to.deep.equal([503, `Sorry, ${visitor}`])
      }
    })
  }

  for (const policy of [{ ttl: '1h' }, { ttl: '1h', unless: () => true }] as const) {
    it(`is not sent once it has been taken back, where the page is ${'unless' in policy ? 'not asked for' : 'recorded'}`, async () => {
      const middleware: Middleware = ctx => {
        ctx.body = `Hello ${ctx.cache.hole('whose', whoseOf)}!`
        ctx.body = null
        ctx.status = 410
      }
      const site = await onKoa.site(app => app.use(app.smartCache(), app.cachePage(policy), { middleware }))
      for (let asked = 0; asked < 2; asked++) {
        const { text, status } = await site.ask()
        expect([status, text]).to.deep.equal([410, ''])
      }
    })
  }
})
