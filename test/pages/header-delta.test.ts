import { expect } from 'chai'
import type { App, Step } from './framework.js'
import { describePages } from './frameworks.js'

describePages('What outer middleware sets', framework => {
  const around = (outer: Step, handler: Step = visit => visit.set('X-Own', 'yes').send('hello')) =>
    framework.site((app: App) => {
      app.use(app.step(outer), app.smartCache(), app.cachePage({ ttl: '1h' }))
      app.handle(handler)
    })

  const fields: readonly (readonly [name: string, value: (request: number) => string | readonly string[]])[] = [
    ['X-Request-Id', request => `request-${request}`],
    ['Access-Control-Allow-Origin', request => `https://${request}.example`],
    ['Content-Security-Policy', request => `script-src 'nonce-${request}'`],
    ['X-RateLimit-Remaining', request => String(100 - request)],
    ['RateLimit', request => `remaining=${100 - request}`],
    ['Set-Cookie', request => [`visitor=${request}`, 'theme=dark']],
    ['Strict-Transport-Security', () => 'max-age=31536000'],
    ['Link', request => [`</${request}>`, '</both>']],
    ['Date', request => `Wed, 01 Jan 2020 00:00:0${request} GMT`],
  ]
  for (const [name, value] of fields) {
    it(`${name} is each visitor’s own, also on a hit`, async () => {
      let request = 0
      const site = await around(visit => visit.set(name, value(++request)))
      for (const asked of [1, 2, 3]) {
        const reply = await site.ask()
        expect(reply.fields.filter(([field]) => field === name).map(([, text]) => text)).to.deep.equal([value(asked)].flat())
        expect(reply.headers['x-own']).to.equal('yes')
      }
      expect(site.runs).to.equal(1)
      expect((await site.ask()).outcome).to.equal('hit; ttl=3600')
    })
  }

  it('and the route changes is the route’s, also on a hit', async () => {
    let request = 0
    const site = await around(
      visit => visit.set('X-Frame-Options', `DENY ${++request}`).set('Link', '</outer>'),
      visit => {
        visit.set('x-frame-options', 'SAMEORIGIN')
        visit.response.appendHeader('Link', '</own>')
        visit.send('hello')
      },
    )
    for (let asked = 0; asked < 2; asked++) {
      const reply = await site.ask()
      expect(reply.headers['x-frame-options']).to.equal('SAMEORIGIN')
      expect(reply.headers['link']).to.equal('</outer>, </own>')
    }
  })

  it('and the route removes stays removed', async () => {
    let request = 0
    const site = await around(
      visit => visit.set('X-Secret', `${++request}`).set('X-Id', `${request}`),
      visit => {
        visit.response.removeHeader('x-secret')
        visit.response.removeHeader('x-powered-by')
        visit.send('hello')
      },
    )
    for (const asked of ['1', '2']) {
      const { headers } = await site.ask()
      expect(headers['x-secret']).to.equal(undefined)
      expect(headers['x-powered-by']).to.equal(undefined)
      expect(headers['x-id']).to.equal(asked)
    }
  })

  it('before a kept page is still there in an answer of 304', async () => {
    let request = 0
    const site = await around(visit => visit.set('X-Request-Id', `${++request}`))
    const { headers } = await site.ask()
    const reply = await site.ask({ headers: { 'If-None-Match': headers['etag'] } })
    expect([reply.status, reply.headers['x-request-id']]).to.deep.equal([304, '2'])
  })

  it('as a cookie does not keep the page from being kept, unless the route adds one of its own', async () => {
    const site = await around(
      visit => visit.set('Set-Cookie', 'visitor=1'),
      visit => {
        visit.response.appendHeader('Set-Cookie', 'session=7')
        visit.send('hello')
      },
    )
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).outcome).to.equal('fwd=uri-miss; detail=set-cookie')
  })

  for (const [name, value, reason] of [
    ['Cache-Control', 'private', 'private'],
    ['Cache-Control', 'no-store', 'no-store'],
    ['Vary', '*', 'vary'],
  ] as const) {
    it(`can forbid that pages are kept: ${name}: ${value}`, async () => {
      const site = await around(visit => visit.set(name, value))
      for (let asked = 0; asked < 2; asked++) expect((await site.ask()).outcome).to.equal(`fwd=uri-miss; detail=${reason}`)
    })
  }

  it('never reaches another visitor through the kept page', async () => {
    const site = await around(visit => visit.set('X-Visitor', String(visit.request.headers['x-visitor'])))
    for (const visitor of ['ann', 'bob', 'cid']) {
      const reply = await site.ask({ headers: { 'X-Visitor': visitor } })
      expect(reply.headers['x-visitor']).to.equal(visitor)
    }
  })
})

describePages('What a route sets of one connection', framework => {
  it('is not kept', async () => {
    const site = await framework.page({ ttl: '1h' }, visit =>
      visit.set('Connection', 'X-Hop, close').set('X-Hop', '1').set('Proxy-Authenticate', 'Basic').set('X-Own', 'yes').send('hello'),
    )
    expect((await site.ask()).headers['x-hop']).to.equal('1')
    const { headers } = await site.ask()
    expect(headers['x-own']).to.equal('yes')
    for (const name of ['x-hop', 'proxy-authenticate']) expect([name, headers[name]]).to.deep.equal([name, undefined])
    expect(headers['connection']).to.equal('keep-alive')
  })
})
