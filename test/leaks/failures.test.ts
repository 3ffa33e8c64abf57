import { expect } from 'chai'
import type { Context } from 'koa'
import { describePages } from '../pages/frameworks.js'
import type { Step } from '../pages/framework.js'
import { closeSites } from '../pages/site.js'
import { onKoa } from '../koa/framework.js'
import { settled, visitorOf } from './visitor.js'

const failures: Readonly<Record<string, Step>> = {
  'a status and a body': visit => visit.status(500).send(`sorry, ${visitorOf(visit)}`),
  'a status of its own words': visit => {
    visit.status(503)
    visit.response.statusMessage = `Not for ${visitorOf(visit)}`
    visit.send('sorry')
  },
  writeHead: visit => {
    visit.raw().writeHead(500, `Not for ${visitorOf(visit)}`, { 'Set-Cookie': `session=${visitorOf(visit)}`, 'X-Own': visitorOf(visit) })
    visit.response.end(`sorry, ${visitorOf(visit)}`)
  },
  'a body in parts': visit => {
    const raw = visit.raw()
    raw.statusCode = 502
    raw.write(`sorry, `)
    raw.end(visitorOf(visit))
  },
  'an error': visit => {
    throw new Error(`sorry, ${visitorOf(visit)}`)
  },
}

describePages('A page that is served because its handler failed', framework => {
  for (const [how, fail] of Object.entries(failures)) {
    it(`with ${how} has nothing of the failure in it`, async () => {
      const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => {
        if (site.runs === 1) return visit.set('X-Page', 'yes').send('hello')
        visit
          .set('Set-Cookie', `session=${visitorOf(visit)}`)
          .set('X-Own', visitorOf(visit))
          .set('X-Page', visitorOf(visit))
        return fail(visit)
      })
      const first = await site.ask({ headers: { 'X-Visitor': 'ann' } })
      site.clock.advance('2m')
      const { status, message, text, headers, fields } = await site.ask({ headers: { 'X-Visitor': 'bob' } })
      expect({ status, message, text }).to.deep.equal({ status: 200, message: 'OK', text: 'hello' })
      expect(headers['x-page']).to.equal('yes')
      expect(headers['etag']).to.equal(first.headers['etag'])
      expect(JSON.stringify(fields)).not.to.match(/bob|session|sorry/)
    })
  }

  it('is not kept anew', async () => {
    const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => visit.status(site.runs === 1 ? 200 : 500).send('hello'))
    await site.ask()
    site.clock.advance('59m')
    for (let turn = 0; turn < 2; turn++) expect((await site.ask()).status).to.equal(200)
    site.clock.advance('3m')
    expect((await site.ask()).status).to.equal(500)
  })

  it('is served to each of those who waited, and says so', async () => {
    const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, async visit => {
      await settled()
      visit.status(site.runs === 1 ? 200 : 500).send(site.runs === 1 ? 'hello' : `sorry, ${visitorOf(visit)}`)
    })
    const { headers } = await site.ask()
    site.clock.advance('2m')
    const [ann, bob, cid] = await Promise.all(
      [{ 'X-Visitor': 'ann' }, { 'X-Visitor': 'bob' }, { 'X-Visitor': 'cid', 'If-None-Match': headers['etag'] ?? '' }].map(given =>
        site.ask({ headers: given }),
      ),
    )
    expect([ann?.text, bob?.text, cid?.status]).to.deep.equal(['hello', 'hello', 304])
    expect(site.runs).to.equal(2)
  })

  it('is not one that was purged while it failed, for those who asked after that', async () => {
    const site = await framework.page({ ttl: '1m', staleIfError: '1h', tags: ['posts'] }, async visit => {
      if (site.runs === 2) await site.cache.invalidate('posts')
      visit.status(site.runs === 1 ? 200 : 500).send('hello')
    })
    await site.ask()
    site.clock.advance('2m')
    await site.ask()
    expect((await site.ask()).status).to.equal(500)
  })
})

describe('A Koa page that was kept', () => {
  afterEach(closeSites)

  for (const status of [401, 403, 404, 410]) {
    it(`is not served in the place of an answer that is thrown: ${status}`, async () => {
      const site = await onKoa.page({ ttl: '1m', staleIfError: '1h' }, visit => {
        if (site.runs > 1) (visit.asked as unknown as Context).throw(status, 'not for you')
        visit.send('hello')
      })
      await site.ask()
      site.clock.advance('2m')
      const reply = await site.ask()
      expect(reply.status).to.equal(status)
      expect(reply.text).to.equal('not for you')
    })
  }

  it('is served no more once such an answer was thrown', async () => {
    const site = await onKoa.page({ ttl: '1m', grace: '1m', staleIfError: '1h' }, visit => {
      if (site.runs === 2) (visit.asked as unknown as Context).throw(410)
      if (site.runs > 2) throw new Error('no database')
      visit.send('hello')
    })
    await site.ask()
    site.clock.advance('90s')
    expect((await site.ask()).text).to.equal('hello')
    await settled()
    expect((await site.ask()).status).to.equal(500)
  })

  it('is served in the place of an error that says nothing else', async () => {
    const site = await onKoa.page({ ttl: '1m', staleIfError: '1h' }, visit => {
      if (site.runs > 1) throw Object.assign(new Error('no database'), { status: 'down' })
      visit.send('hello')
    })
    await site.ask()
    site.clock.advance('2m')
    expect((await site.ask()).text).to.equal('hello')
  })
})
