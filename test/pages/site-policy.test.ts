import { expect } from 'chai'
import { Readable } from 'node:stream'
import type { Policy, Step } from './framework.js'
import { describeHits } from './frameworks.js'

describeHits('A policy for the whole site', framework => {
  const both = (pages: Policy, route: Policy, handler: Step = visit => visit.send('hello')) =>
    framework.site(app => {
      app.use(app.smartCache({ pages, serverTiming: true }))
      app.route('get', '/route', app.cachePage(route), handler)
      app.handle(handler)
    })

  it('keeps the pages of all routes that say nothing themselves', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.route('get', '/a', visit => visit.send('a'))
      app.route('get', '/b', visit => visit.send('b'))
    })
    for (const path of ['/a', '/b']) {
      expect((await site.ask(path)).outcome).to.equal('fwd=uri-miss')
      const hit = await site.ask(path)
      expect(hit.text).to.equal(path.slice(1))
      expect(hit.outcome).to.equal('hit; ttl=60')
    }
  })

  it('gives way to the policy of a route', async () => {
    const site = await both({ ttl: '1m', tags: ['site'] }, { ttl: '10m', tags: ['route'] })
    expect((await site.ask('/route')).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask('/route')).outcome).to.equal('hit; ttl=600')
    expect((await site.ask('/other')).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask('/other')).outcome).to.equal('hit; ttl=60')
    expect(site.runs).to.equal(2)
    await site.cache.invalidate('site')
    expect((await site.ask('/route')).outcome).to.equal('hit; ttl=600')
    expect((await site.ask('/other')).outcome).to.equal('fwd=uri-miss')
    await site.cache.invalidate('route')
    expect((await site.ask('/route')).outcome).to.equal('fwd=uri-miss')
  })

  it('gives way also where the route varies on more', async () => {
    const site = await both({ ttl: '1m' }, { ttl: '10m', vary: { cookies: ['session'] } }, visit =>
      visit.send(`for ${String(visit.request.headers.cookie)}`),
    )
    const ask = (session: string) => site.ask({ path: '/route', headers: { Cookie: session } })
    for (const session of ['session=1', 'session=2']) {
      const miss = await ask(session)
      expect(miss.text).to.equal(`for ${session}`)
      expect(miss.outcome).to.equal('fwd=uri-miss')
      const hit = await ask(session)
      expect(hit.text).to.equal(`for ${session}`)
      expect(hit.outcome).to.equal('hit; ttl=600')
      expect(hit.headers['server-timing']).to.match(/^cache;desc="hit"/)
    }
    expect(site.runs).to.equal(2)
  })

  it('gives way to a route that keeps less', async () => {
    const site = await both({ ttl: '1m' }, { ttl: '10m', statuses: [404] })
    for (const run of [1, 2]) {
      expect((await site.ask('/route')).outcome).to.equal('fwd=uri-miss; detail=status')
      expect(site.runs).to.equal(run)
    }
  })

  it('gives way for a HEAD request, a validator and a stream as well', async () => {
    const site = await both({ ttl: '1m' }, { ttl: '10m' }, visit =>
      visit.set('ETag', '"own"').stream(Readable.from([Buffer.from('hel'), Buffer.from('lo')])),
    )
    const head = await site.ask({ method: 'HEAD', path: '/route' })
    expect(head.outcome).to.equal('fwd=uri-miss')
    expect(head.body).to.have.length(0)
    const known = await site.ask({ path: '/route', headers: { 'If-None-Match': '"own"' } })
    expect([known.status, known.outcome]).to.deep.equal([304, 'hit; ttl=600'])
    expect((await site.ask('/route')).text).to.equal('hello')
    expect(site.runs).to.equal(1)
  })

  it('lets a route answer 304 when it is cold', async () => {
    const site = await both({ ttl: '1m' }, { ttl: '10m' }, visit => visit.set('ETag', '"own"').send('hello'))
    const reply = await site.ask({ path: '/route', headers: { 'If-None-Match': '"own"' } })
    expect([reply.status, reply.outcome]).to.deep.equal([304, 'fwd=uri-miss'])
  })

  it('runs the handler of a route once for many who ask at once', async () => {
    const site = await both({ ttl: '1m' }, { ttl: '10m' })
    const replies = await Promise.all(Array.from({ length: 20 }, () => site.ask('/route')))
    expect(replies.map(({ text }) => text)).to.deep.equal(Array(20).fill('hello'))
    expect(site.runs).to.equal(1)
  })

  it('lets a route serve what is stale while it refreshes it', async () => {
    let version = 1
    const site = await both({ ttl: '1m' }, { ttl: '10m', grace: '1h' }, visit => visit.send(`version ${version}`))
    await site.ask('/route')
    version = 2
    site.clock.advance('11m')
    expect((await site.ask('/route')).text).to.equal('version 1')
    await site.eventually(() => site.heard('fill').length === 2)
    expect((await site.ask('/route')).text).to.equal('version 2')
    expect(site.runs).to.equal(2)
  })

  it('does not serve a page for one visitor that a route has kept for another by a value of its own', async () => {
    const site = await both(
      { ttl: '1m', vary: { value: ({ headers }) => headers['x-tenant'] } },
      { ttl: '10m', vary: { value: ({ headers }) => headers['x-role'] } },
      visit => visit.send(`${String(visit.request.headers['x-tenant'])} ${String(visit.request.headers['x-role'])}`),
    )
    await site.ask({ path: '/route', headers: { 'X-Tenant': 'a', 'X-Role': 'b' } })
    expect((await site.ask({ path: '/route', headers: { 'X-Tenant': 'b', 'X-Role': 'c' } })).text).to.equal('b c')
  })

  it('does not answer a request that the route would not look up', async () => {
    const site = await both({ ttl: '1m' }, { ttl: '10m', unless: ({ headers }) => headers['x-preview'] !== undefined }, visit =>
      visit.send(`preview ${String(visit.request.headers['x-preview'])}`),
    )
    await site.ask('/route')
    expect((await site.ask({ path: '/route', headers: { 'X-Preview': 'yes' } })).text).to.equal('preview yes')
  })
})
