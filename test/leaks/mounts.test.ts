import { expect } from 'chai'
import express, { Router, type RequestHandler } from 'express'
import { Router as KoaRouter } from '@koa/router'
import Koa from 'koa'
import type { RequestListener } from 'node:http'
import { createCache, type Cache } from 'smart-cache'
import * as onExpress from 'smart-cache/express'
import * as onKoa from 'smart-cache/koa'
import { closeSites, Site } from '../pages/site.js'
import { settled } from './visitor.js'

const policy = { ttl: '1m', grace: '1h' } as const

const answer: RequestHandler = (request, response) => void response.send(`${request.baseUrl} ${request.url} ${request.originalUrl}`)

const MOUNTED: Readonly<Record<string, (cache: Cache) => RequestListener>> = {
  'a router of Express': cache => {
    const router = Router().get('/page', onExpress.cachePage(policy), answer)
    return express().use(onExpress.smartCache({ cache })).use('/a', router).use('/b', router)
  },
  'an application of Express': cache => {
    const app = express().get('/page', onExpress.cachePage(policy), answer)
    return express().use(onExpress.smartCache({ cache })).use('/a', app).use('/b', app)
  },
  'an application of Express with pages of its own': cache => {
    const app = express()
      .use(onExpress.smartCache({ cache, pages: policy }))
      .get('/page', answer)
    return express().use('/a', app).use('/b', app)
  },
  'an application in an application of Express': cache => {
    const inner = express().get('/page', onExpress.cachePage(policy), answer)
    const app = express().use('/in', inner).use(inner)
    return express()
      .use(onExpress.smartCache({ cache, pages: policy }))
      .use('/a', app)
      .use('/b', app)
  },
  'a router of Koa': cache => {
    const router = new KoaRouter().get('/page', onKoa.cachePage(policy), context => {
      context.body = `${context.url} ${context.originalUrl}`
    })
    const all = new KoaRouter().use('/a', router.routes()).use('/b', router.routes())
    return new Koa().use(onKoa.smartCache({ cache })).use(all.routes()).callback()
  },
}

describe('Mounted at two places', () => {
  afterEach(closeSites)

  for (const [what, build] of Object.entries(MOUNTED)) {
    it(`${what} keeps two pages, and refreshes each`, async () => {
      const site = new Site()
      await site.listen(build(site.cache))
      const texts: string[] = []
      for (const path of ['/a/page', '/b/page']) {
        const { text, outcome } = await site.ask(path)
        expect(text).to.include(path)
        expect(outcome).to.equal('fwd=uri-miss')
        texts.push(text)
      }
      site.clock.advance('2m')
      for (const turn of [1, 2]) {
        for (const [at, path] of ['/a/page', '/b/page'].entries()) {
          const { text, outcome } = await site.ask(path)
          expect(text).to.equal(texts[at])
          expect(outcome).to.equal(turn === 1 ? 'hit; ttl=-60; detail=stale' : 'hit; ttl=60')
        }
        await settled()
      }
    })
  }
})

describe('Two applications behind one that takes the first part of the URL away', () => {
  afterEach(closeSites)

  it('keep their pages apart in namespaces of their own', async () => {
    const cache = createCache()
    const apps = ['a', 'b'].map(name =>
      express()
        .use(onExpress.smartCache({ cache: cache.namespace(name), pages: policy }))
        .use((_request, response) => void response.send(`the page of ${name}`)),
    )
    const site = new Site()
    await site.listen((request, response) => {
      const app = apps[request.url?.startsWith('/a') === true ? 0 : 1]
      request.url = request.url?.slice(2) ?? '/'
      app?.(request, response)
    })
    for (let turn = 0; turn < 2; turn++) {
      for (const name of ['a', 'b']) expect((await site.ask(`/${name}/page`)).text).to.equal(`the page of ${name}`)
    }
    await cache.namespace('a').invalidate({ url: '/page' })
    expect((await site.ask('/a/page')).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask('/b/page')).outcome).to.match(/^hit/)
  })
})
