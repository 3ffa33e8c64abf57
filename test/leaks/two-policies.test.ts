import { expect } from 'chai'
import { describePages } from '../pages/frameworks.js'
import type { Asked, Policy } from '../pages/framework.js'
import { sent } from './visitor.js'

const header = (name: string) => (asked: Asked) => asked.headers[name]

/** Two policies for one URL, each right for its own; nothing that one of them keeps may be served by the other where they differ. */
const PAIRS: Readonly<Record<string, readonly [outer: Policy, inner: Policy]>> = {
  'by functions that return alike': [{ vary: { value: header('x-plan') } }, { vary: { value: header('x-user') } }],
  'by users of two kinds': [{ vary: { user: header('x-plan') } }, { vary: { user: header('x-user') } }],
  'on two headers': [{ vary: { headers: ['X-Plan'] } }, { vary: { headers: ['X-User'] } }],
  'on one and on two headers': [{ vary: { headers: ['X-Plan', 'X-Plan2'] } }, { vary: { headers: ['X-User', 'X-User2'] } }],
}

describePages('Two policies for one URL', framework => {
  for (const [how, [outer, inner]] of Object.entries(PAIRS)) {
    it(`that differ ${how} do not share their pages`, async () => {
      const site = await framework.site(app => {
        app.use(app.smartCache({ pages: outer }))
        app.route('get', '/', app.cachePage(inner), visit => visit.send(`the page of ${sent(visit, 'x-user')}`))
      })
      const ask = async (user: string, plan: string) => (await site.ask({ headers: { 'X-User': user, 'X-Plan': plan } })).text
      expect(await ask('1', '2')).to.equal('the page of 1')
      expect(await ask('2', '1')).to.equal('the page of 2')
      expect(await ask('1', '1')).to.equal('the page of 1')
    })
  }

  it('that differ in the cookies they name do not share their pages', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { vary: { cookies: ['plan'] } } }))
      app.route('get', '/', app.cachePage({ vary: { cookies: ['user'] } }), visit => visit.send(`for ${sent(visit, 'cookie')}`))
    })
    for (const cookie of ['user=1; plan=2', 'user=2; plan=1'])
      expect((await site.ask({ headers: { cookie } })).text).to.equal(`for ${cookie}`)
  })

  it('that differ in the query do not share their pages', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { vary: { query: ['page'] } } }))
      app.route('get', '/search', app.cachePage({}), visit => visit.send(`found for ${visit.request.url}`))
    })
    for (const path of ['/search', '/search?q=a', '/search?page=2', '/search?page=2&q=b']) {
      for (let turn = 0; turn < 2; turn++) expect((await site.ask(path)).text).to.equal(`found for ${path}`)
    }
    expect(site.runs).to.equal(4)
  })

  it('that differ in whom they exempt do not share their pages', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: {} }))
      app.route('get', '/', app.cachePage({ unless: asked => asked.headers['x-user'] !== undefined }), visit =>
        visit.send(`the page of ${sent(visit, 'x-user')}`),
      )
    })
    expect((await site.ask()).text).to.equal('the page of undefined')
    expect((await site.ask({ headers: { 'X-User': 'ann' } })).text).to.equal('the page of ann')
  })

  it('that vary alike share their pages', async () => {
    const vary = { headers: ['X-User'], query: ['page'] }
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { vary } }))
      app.route('get', '/', app.cachePage({ vary, ttl: '2m' }), visit => visit.send(`the page of ${sent(visit, 'x-user')}`))
    })
    for (let turn = 0; turn < 2; turn++) {
      for (const user of ['ann', 'bob']) expect((await site.ask({ headers: { 'X-User': user } })).text).to.equal(`the page of ${user}`)
    }
    expect(site.runs).to.equal(2)
  })

  it('are reported by the one that had its way', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: {} }))
      app.route('get', '/', app.cachePage({ vary: { headers: ['X-User'] } }), visit => visit.send('hello'))
    })
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask()).outcome).to.equal('hit; ttl=300')
  })

  it('leave the inner one what the visitor asked', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: {} }))
      app.route('get', '/', app.cachePage({ vary: { headers: ['X-User'] } }), visit => visit.send('hello'))
    })
    const { headers } = await site.ask()
    const again = await site.ask({ headers: { 'If-None-Match': headers['etag'] ?? '' } })
    expect(again.status).to.equal(304)
    expect(again.outcome).to.equal('hit; ttl=300')
  })

  it('leave the handler what the visitor asked, where the inner one passes', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: {} }))
      app.route('get', '/', app.cachePage({ unless: () => true }), visit =>
        visit.send(`${visit.request.method} ${sent(visit, 'x-range')} ${sent(visit, 'range')}`),
      )
    })
    const reply = await site.ask({ headers: { Range: 'bytes=0-1' } })
    expect(reply.text).to.equal('GET undefined bytes=0-1')
  })

  it('do not answer with what the outer one has kept when the inner one was told otherwise', async () => {
    let fails = false
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m', staleIfError: '1h' } }))
      app.use(app.step(() => undefined))
      app.route('get', '/', app.cachePage({ ttl: '1m', vary: { headers: ['X-User'] } }), visit => {
        visit.status(fails ? 500 : 200).send(fails ? 'failed' : 'hello')
      })
    })
    await site.ask()
    site.clock.advance('2m')
    fails = true
    expect((await site.ask()).status).to.equal(500)
  })

  it('of which one is mounted twice keep one page, and refresh it', async () => {
    const policy: Policy = { ttl: '1m', grace: '1h' }
    const site = await framework.site(app => {
      const page = app.cachePage(policy)
      app.use(app.smartCache(), page, page)
      app.handle(visit => visit.send(`made in run ${site.runs}`))
    })
    for (let turn = 0; turn < 2; turn++) expect((await site.ask()).text).to.equal('made in run 1')
    site.clock.advance('2m')
    expect((await site.ask()).text).to.equal('made in run 1')
    for (let turn = 0; turn < 10 && site.heard('fill').length < 2; turn++) await new Promise(resolve => setImmediate(resolve))
    expect((await site.ask()).text).to.equal('made in run 2')
  })
})
