import { expect } from 'chai'
import { Readable } from 'node:stream'
import { gate } from 'smart-cache/testing'
import type { App, Policy, Step } from './framework.js'
import { describePages } from './frameworks.js'
import { SlowReader } from './slow-reader.js'

describePages('With staleIfError a page', framework => {
  const POLICY: Policy = { ttl: '1m', staleIfError: '1h' }

  const failures: Readonly<Record<string, Step>> = {
    'answers with 500': visit => visit.status(500).send('broken'),
    'answers with 503, in parts': async visit => {
      const response = visit.raw()
      response.statusCode = 503
      response.write('bro')
      await new Promise(resolve => setImmediate(resolve))
      response.write('ken')
      response.write('!', () => undefined)
      response.end('!', () => undefined)
    },
    'answers with 502, as a stream': visit => visit.status(502).stream(Readable.from(Array(20).fill(Buffer.from('broken')))),
    'answers with 500 by writeHead': visit => visit.raw().writeHead(500, 'Oh No', { 'X-Broken': 'yes' }).end('broken'),
    throws: () => {
      throw new Error('broken')
    },
    rejects: () => Promise.reject(new Error('broken')),
    'throws with a status of its own': () => {
      throw Object.assign(new Error('broken'), { status: 503 })
    },
    'throws after it has set headers': visit => {
      visit.set('X-Broken', 'yes').set('Set-Cookie', 'broken=1').set('Content-Type', 'application/broken').status(202)
      visit.response.statusMessage = 'Oh No'
      throw new Error('broken')
    },
  }
  for (const [what, failure] of Object.entries(failures)) {
    it(`is served stale when its handler ${what}`, async () => {
      let broken = false
      const site = await framework.site((app: App) => {
        let request = 0
        app.use(
          app.step(visit => visit.set('X-Request-Id', String(++request))),
          app.smartCache(),
          app.cachePage(POLICY),
        )
        app.handle(visit => (broken ? failure(visit) : visit.set('X-Own', 'yes').send('hello')))
      })
      const good = await site.ask()
      broken = true
      site.clock.advance('2m')
      for (const run of [2, 3]) {
        const reply = await site.ask()
        expect([reply.status, reply.message, reply.text]).to.deep.equal([200, 'OK', 'hello'])
        expect(reply.outcome).to.equal('hit; ttl=-60; detail=stale-if-error')
        expect(reply.headers['x-request-id']).to.equal(String(run))
        for (const name of ['x-own', 'content-type', 'content-length', 'etag', 'x-broken', 'set-cookie', 'location']) {
          expect([name, reply.headers[name]]).to.deep.equal([name, good.headers[name]])
        }
        expect(site.runs).to.equal(run)
      }
      expect(site.heard('stale').map(({ reason }) => reason)).to.deep.equal(['error', 'error'])
      expect(site.heard('error').map(({ operation }) => operation)).to.deep.equal(['load', 'load'])
      broken = false
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })
  }

  it('is served so to all who wait, and as each has asked', async () => {
    const held = gate()
    let broken = false
    const site = await framework.page(POLICY, async visit => {
      if (!broken) return visit.set('ETag', '"own"').send('hello')
      await held
      throw new Error('broken')
    })
    await site.ask()
    broken = true
    site.clock.advance('2m')
    const asked = [site.ask(), site.ask(), site.ask({ headers: { 'If-None-Match': '"own"' } }), site.ask({ method: 'HEAD' })]
    await site.arrivals(5)
    expect(site.runs).to.equal(2)
    held.open()
    expect((await Promise.all(asked)).map(({ status, text }) => [status, text])).to.deep.equal([
      [200, 'hello'],
      [200, 'hello'],
      [304, ''],
      [200, ''],
    ])
    expect(site.runs).to.equal(2)
  })

  it('is served so to the visitor who has it as 304', async () => {
    let broken = false
    const site = await framework.page(POLICY, visit => {
      if (broken) throw new Error('broken')
      visit.set('ETag', '"own"').send('hello')
    })
    await site.ask()
    broken = true
    site.clock.advance('2m')
    expect((await site.ask({ headers: { 'If-None-Match': '"own"' } })).status).to.equal(304)
  })

  for (const status of [400, 404, 410]) {
    it(`is not served in the stead of ${status}, which is an answer`, async () => {
      let gone = false
      const site = await framework.page(POLICY, visit => visit.status(gone ? status : 200).send('hello'))
      await site.ask()
      gone = true
      site.clock.advance('2m')
      expect((await site.ask()).status).to.equal(status)
    })
  }

  it('cannot be served any more when its head had left', async () => {
    let broken = false
    const site = await framework.page(POLICY, visit => {
      if (!broken) return visit.send('hello')
      visit.raw().write('bro')
      throw new Error('broken')
    })
    await site.ask()
    broken = true
    site.clock.advance('2m')
    const reader = new SlowReader(site)
    await reader.readUntil('bro')
    reader.leave()
    await site.eventually(() => site.heard('refuse').length === 1)
    broken = false
    expect((await site.ask()).text).to.equal('hello')
  })

  it('is not served once that has passed, nor after a hard purge', async () => {
    let broken = false
    const site = await framework.page({ ...POLICY, tags: ['posts'] }, visit => visit.status(broken ? 500 : 200).send('hello'))
    await site.ask()
    broken = true
    site.clock.advance('61m')
    expect((await site.ask()).status).to.equal(500)
    broken = false
    await site.ask()
    broken = true
    site.clock.advance('2m')
    await site.cache.invalidate('posts')
    expect((await site.ask()).status).to.equal(500)
  })
})
