import { expect } from 'chai'
import express from 'express'
import { Router } from '@koa/router'
import Koa from 'koa'
import * as onExpress from 'smart-cache/express'
import * as onKoa from 'smart-cache/koa'
import { describePages } from '../pages/frameworks.js'
import { closeSites, Site } from '../pages/site.js'
import { settled } from './visitor.js'

describePages('A handler that answers twice', framework => {
  it('leaves its first answer, whole', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const raw = visit.raw()
      raw.on('error', () => undefined)
      raw.end('first')
      raw.end('second')
    })
    for (let turn = 0; turn < 2; turn++) expect((await site.ask()).text).to.equal('first')
    expect(site.runs).to.equal(1)
  })

  it('leaves nothing of what it writes after its end', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const raw = visit.raw()
      raw.on('error', () => undefined)
      raw.end('first')
      raw.write('second')
    })
    for (let turn = 0; turn < 2; turn++) expect((await site.ask()).text).to.equal('first')
  })

  it('leaves the head of its first answer', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const raw = visit.raw()
      raw.writeHead(200, { 'X-Answer': 'first' })
      expect(() => raw.writeHead(200, { 'X-Answer': 'second' })).to.throw()
      expect(() => raw.setHeader('X-Answer', 'third')).to.throw()
      raw.end('first')
    })
    for (let turn = 0; turn < 2; turn++) expect((await site.ask()).headers['x-answer']).to.equal('first')
  })

  it('with a kept page in its stead is not heard', async () => {
    const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => {
      const raw = visit.raw()
      if (site.runs === 1) return raw.end('hello')
      raw.statusCode = 500
      raw.end('sorry')
      raw.end('really')
      return raw.write('sorry')
    })
    await site.ask()
    site.clock.advance('2m')
    for (let turn = 0; turn < 3; turn++) expect((await site.ask()).text).to.equal('hello')
  })
})

describe('A handler for HEAD alone', () => {
  afterEach(closeSites)

  async function expectWholePage(site: Site): Promise<void> {
    expect((await site.ask({ method: 'HEAD', path: '/page' })).status).to.equal(200)
    for (let turn = 0; turn < 2; turn++) expect((await site.ask('/page')).text).to.equal('the whole page')
    expect((await site.ask({ method: 'HEAD', path: '/page' })).headers['content-length']).to.equal('14')
  }

  it('leaves no page of Express without its body', async () => {
    const site = new Site()
    const app = express().use(onExpress.smartCache({ cache: site.cache }))
    app
      .route('/page')
      .all(onExpress.cachePage({ ttl: '1m' }))
      .head((_request, response) => void response.end())
      .get((_request, response) => void response.send('the whole page'))
    await site.listen(app)
    await expectWholePage(site)
  })

  it('leaves no page of Koa without its body', async () => {
    const site = new Site()
    const router = new Router()
    router.head('/page', onKoa.cachePage({ ttl: '1m' }), context => {
      context.status = 200
      context.body = ''
    })
    router.get('/page', onKoa.cachePage({ ttl: '1m' }), context => {
      context.body = 'the whole page'
    })
    await site.listen(
      new Koa()
        .use(onKoa.smartCache({ cache: site.cache }))
        .use(router.routes())
        .callback(),
    )
    await expectWholePage(site)
  })
})

describe('An Express route that hands on', () => {
  afterEach(closeSites)

  for (const onward of ['route', 'router'] as const) {
    it(`with next('${onward}') has what answers kept once, under the policy that is asked last`, async () => {
      const site = new Site()
      const app = express().use(onExpress.smartCache({ cache: site.cache }))
      const router = express.Router()
      router.get('/', onExpress.cachePage({ ttl: '1m' }), (_request, _response, next) => next(onward))
      app.use(router)
      app.get('/', onExpress.cachePage({ ttl: '5m', vary: { headers: ['X-User'] } }), (request, response) => {
        site.ran()
        response.send(`the page of ${String(request.headers['x-user'])}`)
      })
      await site.listen(app)
      for (let turn = 0; turn < 2; turn++) {
        for (const user of ['ann', 'bob']) expect((await site.ask({ headers: { 'X-User': user } })).text).to.equal(`the page of ${user}`)
      }
      expect(site.runs).to.equal(2)
    })
  }

  for (const [how, fail] of Object.entries({
    'throws in time': (_next: express.NextFunction) => {
      throw new Error('failed')
    },
    rejects: async (_next: express.NextFunction) => {
      throw new Error('failed')
    },
    'rejects late': async (_next: express.NextFunction) => {
      await settled()
      throw new Error('failed')
    },
    'calls next with an error': (next: express.NextFunction) => next(new Error('failed')),
  })) {
    it(`in the middle of its answer leaves no part of it, though somebody ends the response: it ${how}`, async () => {
      const site = new Site()
      const app = express().use(onExpress.smartCache({ cache: site.cache }))
      const page = onExpress.cachePage({ ttl: '1m' }, (_request, response, next) => {
        site.ran()
        response.write('the first part')
        return site.runs === 1 ? fail(next) : response.end(', and the rest')
      })
      app.get('/', page)
      app.use(((_error, _request, response, _next) => void response.end()) as express.ErrorRequestHandler)
      await site.listen(app)
      expect((await site.ask()).text).to.equal('the first part')
      for (let turn = 0; turn < 2; turn++) expect((await site.ask()).text).to.equal('the first part, and the rest')
      expect(site.runs).to.equal(2)
    })
  }

  it('an error between two pages leaves neither of them wrong', async () => {
    const site = new Site()
    const app = express().use(onExpress.smartCache({ cache: site.cache }))
    app.get('/', onExpress.cachePage({ ttl: '1m' }), (_request, _response, next) => {
      site.ran()
      if (site.runs % 2 === 1) throw new Error('failed')
      next()
    })
    app.get('/', (_request, response) => void response.send('hello'))
    app.use(((_error, _request, response, _next) => void response.status(500).send('sorry')) as express.ErrorRequestHandler)
    await site.listen(app)
    expect((await site.ask()).text).to.equal('sorry')
    expect((await site.ask()).text).to.equal('hello')
    expect((await site.ask()).text).to.equal('hello')
    expect(site.runs).to.equal(2)
  })
})
