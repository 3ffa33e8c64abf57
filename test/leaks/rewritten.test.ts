import { Router as KoaRouter } from '@koa/router'
import { expect } from 'chai'
import express, { Router, type RequestHandler } from 'express'
import Koa, { type Middleware } from 'koa'
import type { RequestListener } from 'node:http'
import type { Cache } from 'smart-cache'
import * as onExpress from 'smart-cache/express'
import * as onKoa from 'smart-cache/koa'
import { closeSites, Site } from '../pages/site.js'

const policy = { ttl: '1m' } as const

/** To each visitor the site that he takes part in the trial of. */
const rewriteOnExpress: RequestHandler = (request, _response, next) => {
  request.url = `/${request.get('X-Trial')}${request.url}`
  next()
}
const rewriteOnKoa: Middleware = (context, next) => {
  context.url = `/${context.get('X-Trial')}${context.url}`
  return next()
}
const answer: RequestHandler = (request, response) => void response.send(`${request.baseUrl}${request.url}`)
const answerOnKoa: Middleware = context => {
  context.body = context.url
}

const SITES: Readonly<Record<string, (cache: Cache) => RequestListener>> = {
  'Express, before all pages': cache =>
    express()
      .use(rewriteOnExpress)
      .use(onExpress.smartCache({ cache, pages: policy }))
      .use(answer),
  'Express, before a route': cache =>
    express().use(onExpress.smartCache({ cache }), rewriteOnExpress).get('/:trial/page', onExpress.cachePage(policy), answer),
  'Express, in a router': cache =>
    express()
      .use(onExpress.smartCache({ cache }))
      .use('/page', Router().use(rewriteOnExpress).use(onExpress.cachePage(policy), answer)),
  'Koa, before all pages': cache =>
    new Koa()
      .use(rewriteOnKoa)
      .use(onKoa.smartCache({ cache, pages: policy }))
      .use(answerOnKoa)
      .callback(),
  'Koa, before a route': cache => {
    const router = new KoaRouter().get('/:trial/page', onKoa.cachePage(policy), answerOnKoa)
    return new Koa().use(onKoa.smartCache({ cache })).use(rewriteOnKoa).use(router.routes()).callback()
  },
}

describe('A URL that middleware rewrites', () => {
  afterEach(closeSites)

  for (const [where, build] of Object.entries(SITES)) {
    it(`on ${where} leads each visitor to the page that is meant for him`, async () => {
      const site = new Site()
      await site.listen(build(site.cache))
      for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
        for (const trial of ['a', 'b']) {
          const reply = await site.ask({ path: '/page?x=1', headers: { 'X-Trial': trial } })
          expect([reply.outcome, reply.text.includes(`/${trial}`)]).to.deep.equal([outcome, true])
        }
      }
      await site.cache.invalidate({ url: '/page?x=1' })
      for (const trial of ['a', 'b'])
        expect((await site.ask({ path: '/page?x=1', headers: { 'X-Trial': trial } })).outcome).to.equal('fwd=uri-miss')
    })
  }

  for (const [path, seen] of [
    ['/m', '/m/'],
    ['/m?x=1', '/m/?x=1'],
    ['/m/page', '/m/page'],
  ] as const) {
    it(`is not one that a router has taken its part of: ${path}`, async () => {
      const site = new Site()
      const inner = Router().use(onExpress.cachePage(policy), answer)
      const app = express()
        .use(onExpress.smartCache({ cache: site.cache, pages: policy }))
        .use('/m', inner)
      await site.listen(app)
      expect((await site.ask(path)).text).to.equal(seen)
      // Found by the policy outside, under the same key.
      const { outcome, policies } = await site.cache.explain(path)
      expect([outcome, new Set(policies.map(({ key }) => key)).size]).to.deep.equal(['hit', 1])
    })
  }
})

describe('A method that middleware changes', () => {
  afterEach(closeSites)

  it('behind the policy for GET has nothing kept of it', async () => {
    const site = new Site()
    const override: RequestHandler = (request, _response, next) => {
      request.method = 'DELETE'
      next()
    }
    const app = express()
      .use(onExpress.smartCache({ cache: site.cache, pages: policy }), override)
      .delete('/', (_request, response) => {
        site.ran()
        response.send('deleted')
      })
    await site.listen(app)
    for (const runs of [1, 2]) {
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss; detail=method-override')
      expect(site.runs).to.equal(runs)
    }
  })
})
