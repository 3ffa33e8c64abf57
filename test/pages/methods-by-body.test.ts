import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import type { App, Policy, Visit } from './framework.js'
import { describePages } from './frameworks.js'
import type { Question, Site } from './site.js'

const JSON_TYPE = { 'Content-Type': 'application/json' }

describePages('A policy that keeps answers by what is asked in a body', framework => {
  /** Where a parser of bodies stands, and how the handler comes by the body. */
  const parsers: Readonly<Record<string, (app: App, policy: Policy) => void>> = {
    'parsed before': (app, policy) => app.use(app.parser(), app.smartCache(), app.cachePage(policy)),
    'parsed after': (app, policy) => app.use(app.smartCache(), app.cachePage(policy), app.parser()),
    'read by the handler itself': (app, policy) => app.use(app.smartCache(), app.cachePage(policy)),
  }
  const bodyOf = async (visit: Visit) => visit.parsed ?? JSON.parse((await buffer(visit.request)).toString() || 'null')
  const echo = async (visit: Visit) => visit.send(`found ${JSON.stringify(await bodyOf(visit))}`)
  const asking = (policy: Policy = {}, handler = echo) =>
    framework.page({ ttl: '1m', methods: ['GET', 'QUERY', 'POST'], ...policy }, handler)
  const ask = (site: Site, body: string, more: Question = {}) => site.ask({ method: 'QUERY', body, headers: JSON_TYPE, ...more })

  for (const method of ['QUERY', 'POST'] as const) {
    for (const [where, mount] of Object.entries(parsers)) {
      it(`keeps the answers to ${method} apart, ${where}`, async () => {
        const site = await framework.site(app => {
          mount(app, { ttl: '1m', methods: [method] })
          app.handle(echo)
        })
        for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
          for (const body of ['{"a":1}', '{"a":2}', '{"a":[1,2]}', '["a"]']) {
            const reply = await ask(site, body, { method })
            expect([reply.text, reply.outcome]).to.deep.equal([`found ${body}`, outcome])
          }
        }
        expect(site.runs).to.equal(4)
      })
    }

    it(`knows ${method} that comes in chunks, and one of many packets`, async () => {
      const site = await asking()
      const body = JSON.stringify('x'.repeat(100_000))
      const chunked = { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }
      expect((await ask(site, body, { method, headers: chunked })).text).to.equal(`found ${body}`)
      const again = await ask(site, body, { method })
      expect([again.text.length, again.outcome]).to.deep.equal([`found ${body}`.length, 'hit; ttl=60'])
    })

    it(`leaves ${method} to the handler unless the policy names it`, async () => {
      const site = await framework.page({ ttl: '1m' }, echo)
      for (let asked = 0; asked < 2; asked++) expect((await ask(site, '1', { method })).outcome).to.equal('fwd=method')
    })
  }

  it('tells methods, types and encodings of the body apart', async () => {
    const site = await asking({}, async visit => {
      const bytes = await buffer(visit.request)
      visit.send(`${visit.request.method} ${visit.request.headers['content-type']} ${bytes.length}`)
    })
    const questions: readonly Question[] = [
      {},
      { method: 'POST' },
      { headers: { 'Content-Type': 'text/plain' } },
      { headers: { ...JSON_TYPE, 'Content-Encoding': 'x' } },
      { headers: { ...JSON_TYPE, 'Content-Language': 'de' } },
      { path: '/?a' },
      { body: '' },
    ]
    for (const question of questions) expect((await ask(site, '{}', question)).outcome).to.equal('fwd=uri-miss')
    for (const question of questions) expect((await ask(site, '{}', question)).outcome).to.equal('hit; ttl=60')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })

  it('tells what was parsed apart by the order of its names, which a handler may read', async () => {
    const site = await framework.site(app => {
      app.use(app.parser(), app.smartCache(), app.cachePage({ ttl: '1m', methods: ['QUERY'] }))
      app.handle(echo)
    })
    for (const body of ['{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":"1","b":2}', '{"a":0,"b":2}', '{"a":-0,"b":2}']) {
      expect((await ask(site, body)).outcome).to.equal('fwd=uri-miss')
    }
    expect((await ask(site, '{"a": 1, "b": 2}')).outcome).to.equal('hit; ttl=60')
  })

  it('does not look up what is too long, with or without a length that says so, and hands it on whole', async () => {
    const site = await asking()
    const body = JSON.stringify('x'.repeat(200_000))
    for (const headers of [JSON_TYPE, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }]) {
      for (let asked = 0; asked < 2; asked++) {
        const reply = await ask(site, body, { headers })
        expect([reply.text === `found ${body}`, reply.outcome]).to.deep.equal([true, 'fwd=bypass; detail=body'])
      }
    }
  })

  it('knows a body that is empty, however that is said', async () => {
    const site = await asking({}, async visit => visit.send(`found ${(await buffer(visit.request)).length}`))
    const empty = [{}, { 'Content-Length': '0' }, { 'Transfer-Encoding': 'chunked' }]
    for (const headers of empty) expect((await site.ask({ method: 'QUERY', headers })).text).to.equal('found 0')
    expect(site.runs).to.equal(1)
  })

  it('does not look up what somebody has read and left nothing of, nor forms with files', async () => {
    const read = async ({ request }: Visit) => void (await buffer(request))
    const site = await framework.site(app => {
      app.use(app.step(read), app.smartCache(), app.cachePage({ ttl: '1m', methods: ['POST'] }))
      app.handle(visit => visit.send('hello'))
    })
    for (let asked = 0; asked < 2; asked++) expect((await ask(site, '1', { method: 'POST' })).outcome).to.equal('fwd=bypass; detail=body')
    const form = await framework.site(app => {
      app.use(
        app.step(async visit => {
          await read(visit)
          Object.assign('context' in visit ? (visit.context as { request: object }).request : visit.request, { body: { a: '1' } })
        }),
        app.smartCache(),
        app.cachePage({ ttl: '1m', methods: ['POST'] }),
      )
      app.handle(visit => visit.send('hello'))
    })
    const headers = { 'Content-Type': 'multipart/form-data; boundary=a' }
    expect((await ask(form, '--a--', { method: 'POST', headers })).outcome).to.equal('fwd=bypass; detail=body')
    expect((await ask(form, 'a=1', { method: 'POST', headers: {} })).outcome).to.equal('fwd=uri-miss')
  })

  it('keeps nothing of a visitor who goes before the body has come', async () => {
    const site = await asking()
    const socket = connect(site.port, '127.0.0.1')
    socket.write('QUERY / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123')
    await site.arrivals(1)
    socket.destroy()
    await ask(site, '"after"')
    expect(site.heard('fill')).to.have.length(1)
  })

  it('makes one answer for all who ask the same at once', async () => {
    const handler = gate()
    const site = await asking({}, async visit => {
      await handler
      visit.send('hello')
    })
    const asked = [1, 2, 3].map(() => ask(site, '{"a":1}'))
    await site.arrivals(3)
    await site.eventually(() => site.runs === 1)
    handler.open()
    for (const reply of await Promise.all(asked)) expect(reply.text).to.equal('hello')
    expect(site.runs).to.equal(1)
  })

  it('purges nothing for a POST that only asks, and all of it with its URL', async () => {
    const site = await asking()
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) expect((await ask(site, '1', { method: 'POST' })).outcome).to.equal(outcome)
    await site.cache.invalidate({ url: '/' })
    expect((await ask(site, '1', { method: 'POST' })).outcome).to.equal('fwd=uri-miss')
    await site.ask({ method: 'DELETE' })
    expect((await ask(site, '1', { method: 'POST' })).outcome).to.equal('fwd=uri-miss')
  })

  it('RFC 9110, 13.1: answers conditions on QUERY with 304, and leaves those on POST to the handler', async () => {
    const site = await asking({}, async visit => visit.set('ETag', '"own"').send('hello'))
    const headers = { ...JSON_TYPE, 'If-None-Match': '"own"' }
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
      const reply = await ask(site, '1', { headers })
      expect([reply.status, reply.outcome]).to.deep.equal([304, outcome])
    }
    for (let asked = 0; asked < 2; asked++) {
      expect((await ask(site, '1', { method: 'POST', headers })).outcome).to.equal('fwd=bypass; detail=condition')
    }
  })

  it('sends the whole to who asks for a part of an answer to QUERY', async () => {
    const site = await asking({}, async visit => visit.send('hello'))
    for (let asked = 0; asked < 2; asked++) {
      const reply = await ask(site, '1', { headers: { ...JSON_TYPE, Range: 'bytes=0-1' } })
      expect([reply.status, reply.text]).to.deep.equal([200, 'hello'])
    }
  })

  it('keeps a Content-Location with the answer that it belongs to', async () => {
    const site = await asking({}, async visit => visit.set('Content-Location', `/stored/${String(await bodyOf(visit))}`).send('hello'))
    for (let asked = 0; asked < 2; asked++) {
      for (const body of ['1', '2']) expect((await ask(site, body)).headers['content-location']).to.equal(`/stored/${body}`)
    }
  })

  it('makes anew what is stale, for nobody could ask for it behind the visitors’ backs', async () => {
    const site = await asking({ grace: '1h', staleIfError: '1h', refreshAhead: 0.1 })
    await ask(site, '1')
    site.clock.advance('59s')
    expect((await ask(site, '1')).outcome).to.equal('hit; ttl=1')
    site.clock.advance('2s')
    expect((await ask(site, '1')).outcome).to.equal('fwd=uri-miss')
    expect(site.runs).to.equal(2)
  })

  it('keeps no more of one path than its variants', async () => {
    const site = await asking({ maxVariants: 2 })
    for (const body of ['1', '2', '3']) await ask(site, body)
    expect((await ask(site, '3')).outcome).to.equal('hit; ttl=60')
    expect((await ask(site, '1')).outcome).to.equal('fwd=uri-miss')
  })

  it('that names no GET keeps none', async () => {
    const site = await framework.page({ ttl: '1m', methods: ['QUERY'] }, visit => visit.send('hello'))
    for (const method of ['GET', 'HEAD']) expect((await site.ask({ method })).outcome).to.equal('fwd=method')
  })

  it('is explained of a request that has come, and says that it needs one of any other', async () => {
    const site = await asking({}, async visit => visit.send((await visit.cache.cache.explain(visit.asked)).outcome))
    expect((await ask(site, '1')).text).to.equal('miss')
    const { outcome, policies } = await site.cache.explain({ url: '/', method: 'QUERY' })
    expect([outcome, policies[0]?.reason]).to.deep.equal(['unknown', 'needs-request'])
  })

  it('works behind an outer policy for the whole site', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m', methods: ['GET', 'QUERY'] } }), app.cachePage({ ttl: '2m', methods: ['QUERY'] }))
      app.handle(echo)
    })
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=120']) {
      const reply = await ask(site, '{"a":1}')
      expect([reply.text, reply.outcome]).to.deep.equal(['found {"a":1}', outcome])
    }
  })
})

describePages('The methods of a policy', framework => {
  for (const methods of [[], ['PUT'], 'QUERY', ['get']]) {
    it(`cannot be ${JSON.stringify(methods)}`, async () => {
      const start = async () => framework.page({ methods: methods as never }, visit => visit.send(''))
      const error = await start().catch((thrown: unknown) => String(thrown))
      expect(error).to.match(/^ConfigError: Expected `methods` to be an array of "GET", "HEAD", "QUERY", "POST", got/)
    })
  }
})
