import { expect } from 'chai'
import express, { Router } from 'express'
import { smartCache, cachePage } from 'smart-cache/express'
import { gate } from 'smart-cache/testing'
import { describePages } from '../pages/frameworks.js'
import type { Step } from '../pages/framework.js'
import { closeSites, Site } from '../pages/site.js'
import { sent, settled, visitorOf } from './visitor.js'

describePages('A refresh behind a visitor’s back', framework => {
  it('does not keep the page of one user for another', async () => {
    const users = new Map([['token', 'ann']])
    const userOf = (token: unknown) => users.get(String(token)) ?? 'nobody'
    const site = await framework.page({ ttl: '1m', grace: '1h', vary: { user: asked => userOf(asked.headers['x-token']) } }, visit =>
      visit.send(`the page of ${userOf(sent(visit, 'x-token'))}`),
    )
    const ask = async () => (await site.ask({ headers: { 'X-Token': 'token' } })).text
    expect(await ask()).to.equal('the page of ann')
    site.clock.advance('2m')
    // Ann logs out, and Bob in, between her request and what it leaves behind.
    const stale = site.cache.on('stale', () => users.set('token', 'bob'))
    expect(await ask()).to.equal('the page of ann')
    await settled()
    stale()
    users.set('token', 'ann')
    expect(await ask()).to.equal('the page of ann')
  })

  it('does not hand on the cookies that it is given', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => {
      if (site.runs > 1) visit.set('Set-Cookie', `session=${visitorOf(visit)}`)
      visit.send(`made in run ${site.runs}`)
    })
    await site.ask({ headers: { 'X-Visitor': 'ann' } })
    site.clock.advance('2m')
    for (const visitor of ['ann', 'bob', 'cid']) {
      const { text, fields } = await site.ask({ headers: { 'X-Visitor': visitor } })
      expect(text).to.equal('made in run 1')
      expect(JSON.stringify(fields)).not.to.include('session=')
      await settled()
    }
  })

  const withdrawals: Readonly<Record<string, Step>> = {
    'is gone': visit => visit.status(410).send('gone'),
    'is not found': visit => visit.status(404).send('not found'),
    'is forbidden': visit => visit.status(403).send('forbidden'),
    'is private now': visit => visit.set('Cache-Control', 'private').send('for members'),
    'is not to be stored now': visit => visit.set('Cache-Control', 'no-store').send('for members'),
    'has moved': visit => visit.status(302).set('Location', '/login').send('log in'),
    'is not to be kept now': visit => {
      visit.cache.never()
      visit.send('for members')
    },
  }
  for (const [what, withdrawn] of Object.entries(withdrawals)) {
    it(`that finds that the page ${what} ends what was kept`, async () => {
      const site = await framework.page({ ttl: '1m', grace: '1h', staleIfError: '1h' }, visit => {
        return site.runs === 1 ? visit.send('hello') : withdrawn(visit)
      })
      await site.ask()
      site.clock.advance('2m')
      expect((await site.ask()).text).to.equal('hello')
      await settled()
      expect((await site.ask()).text).not.to.equal('hello')
    })

    it(`is not needed to find that it ${what} for a page past its grace`, async () => {
      const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => {
        if (site.runs === 1) visit.send('hello')
        else if (site.runs === 2) return withdrawn(visit)
        else visit.status(500).send('failed')
        return undefined
      })
      await site.ask()
      site.clock.advance('2m')
      expect((await site.ask()).text).not.to.equal('hello')
      expect((await site.ask()).text).to.equal('failed')
    })
  }

  for (const status of [500, 503, 429]) {
    it(`that fails with ${status} leaves what was kept`, async () => {
      const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => visit.status(site.runs === 1 ? 200 : status).send('hello'))
      await site.ask()
      site.clock.advance('2m')
      await site.ask()
      await settled()
      expect((await site.ask()).outcome).to.equal('hit; ttl=-60; detail=stale')
    })
  }

  it('serves under a site’s policy and a route’s alike', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m', grace: '1h' } }))
      app.route('get', '/', app.cachePage({ ttl: '1m', grace: '1h' }), visit => visit.send(`made in run ${site.runs}`))
    })
    await site.ask()
    site.clock.advance('2m')
    expect((await site.ask()).text).to.equal('made in run 1')
    await settled()
    expect((await site.ask()).text).to.equal('made in run 2')
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('that learns what the page varies on keeps it for that', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => {
      if (site.runs > 1) visit.set('Vary', 'X-Visitor')
      visit.send(`the page of ${site.runs === 1 ? 'all' : visitorOf(visit)}`)
    })
    const ask = async (visitor: string) => (await site.ask({ headers: { 'X-Visitor': visitor } })).text
    expect(await ask('ann')).to.equal('the page of all')
    site.clock.advance('2m')
    expect(await ask('ann')).to.equal('the page of all')
    await settled()
    expect(await ask('bob')).to.equal('the page of bob')
    expect(await ask('ann')).to.equal('the page of ann')
    expect(await ask('bob')).to.equal('the page of bob')
    expect(site.runs).to.equal(3)
  })

  it('is not kept after a purge in its midst', async () => {
    const held = gate<string>()
    const site = await framework.page({ ttl: '1m', grace: '1h' }, async visit =>
      visit.send(site.runs === 2 ? await held : `made in run ${site.runs}`),
    )
    await site.ask()
    site.clock.advance('2m')
    expect((await site.ask()).text).to.equal('made in run 1')
    await site.cache.invalidate({ url: '/' })
    held.open('made before the purge')
    await settled()
    expect((await site.ask()).text).to.equal('made in run 3')
    expect((await site.ask()).text).to.equal('made in run 3')
  })

  it('is kept though it takes longer than a visitor would wait', async () => {
    const held = gate()
    const site = await framework.page({ ttl: '1m', grace: '1h', waitTimeout: 10 }, async visit => {
      if (site.runs === 2) await held
      visit.send(`made in run ${site.runs}`)
    })
    await site.ask()
    site.clock.advance('2m')
    expect((await site.ask()).text).to.equal('made in run 1')
    await new Promise(resolve => setTimeout(resolve, 30))
    expect((await site.ask()).text).to.equal('made in run 1')
    held.open()
    await settled()
    expect((await site.ask()).text).to.equal('made in run 2')
    expect(site.runs).to.equal(2)
  })

  it('leaves a handler that minds its socket alone', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => {
      visit.request.socket.setTimeout(1_000)
      visit.request.socket.setNoDelay(true)
      visit.request.socket.setKeepAlive(true)
      visit.request.setTimeout(1_000)
      visit.response.setTimeout(1_000)
      visit.send(`made in run ${site.runs}`)
    })
    await site.ask()
    site.clock.advance('2m')
    await site.ask()
    await settled()
    expect((await site.ask()).text).to.equal('made in run 2')
  })

  it('that could not be sent for does not stop the next', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m', grace: '1h' } }))
      app.handle(visit => {
        if (site.runs === 2) visit.response.destroy()
        else visit.send(`made in run ${site.runs}`)
      })
    })
    await site.ask()
    site.clock.advance('2m')
    for (let turn = 0; turn < 2; turn++) {
      expect((await site.ask()).text).to.equal('made in run 1')
      await settled()
    }
    expect((await site.ask()).text).to.equal('made in run 3')
  })
})

describe('A refresh of a page of an application that a router mounts', () => {
  afterEach(closeSites)

  it('does not take another page for it', async () => {
    const site = new Site()
    const inner = express()
    inner.use(smartCache({ cache: site.cache, pages: { ttl: '1m', grace: '1h' } }))
    inner.get('/page', (_request, response) => void response.send('the page'))
    inner.use((_request, response) => void response.send('any other page'))
    const outer = express().use(Router().use('/inner', inner))
    await site.listen(outer)
    expect((await site.ask('/inner/page')).text).to.equal('the page')
    site.clock.advance('2m')
    for (let turn = 0; turn < 3; turn++) {
      expect((await site.ask('/inner/page')).text).to.equal('the page')
      await settled()
    }
  })

  it('does not take another page for it in a route’s policy', async () => {
    const site = new Site()
    const inner = express()
    inner.use(smartCache({ cache: site.cache }))
    inner.get(
      ['/page', '/inner/:any'],
      cachePage({ ttl: '1m', grace: '1h' }),
      (request, response) => void response.send(`the page at ${request.url}`),
    )
    const outer = express().use(Router().use('/inner', inner))
    await site.listen(outer)
    expect((await site.ask('/inner/page')).text).to.equal('the page at /page')
    site.clock.advance('2m')
    for (let turn = 0; turn < 3; turn++) {
      expect((await site.ask('/inner/page')).text).to.equal('the page at /page')
      await settled()
    }
  })
})
