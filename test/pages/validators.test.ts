import { expect } from 'chai'
import { Readable } from 'node:stream'
import type { OutgoingHttpHeaders } from 'node:http'
import { describeHits } from './frameworks.js'

const MODIFIED = 'Wed, 01 Jan 2025 00:00:00 GMT'
const BEFORE = 'Tue, 31 Dec 2024 23:59:59 GMT'
const AFTER = 'Wed, 01 Jan 2025 00:00:01 GMT'

describeHits('The validator of a page', framework => {
  it('is made once, and is strong', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    const miss = await site.ask()
    expect(miss.headers['etag']).to.match(/^"[^"]+"$/)
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['etag']).to.equal(miss.headers['etag'])
  })

  it('differs with the bytes', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send(`for ${visit.request.url}`))
    expect((await site.ask('/a')).headers['etag']).to.not.equal((await site.ask('/b')).headers['etag'])
  })

  it('of a stream is made when the whole is known', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.stream(Readable.from([Buffer.from('hello')])))
    expect((await site.ask()).headers['etag']).to.equal(undefined)
    const hit = await site.ask()
    expect(hit.headers['etag']).to.match(/^"[^"]+"$/)
    const known = await site.ask({ headers: { 'If-None-Match': hit.headers['etag'] } })
    expect([known.status, known.outcome]).to.deep.equal([304, 'hit; ttl=60'])
  })

  for (const own of ['"own"', 'W/"own"']) {
    it(`is the handler’s own, ${own}, if it gives one`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.set('ETag', own).send('hello'))
      for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['etag']).to.equal(own)
      expect((await site.ask({ headers: { 'If-None-Match': own } })).status).to.equal(304)
    })
  }
})

describeHits('A visitor who has the page', framework => {
  const rows: readonly (readonly [what: string, headers: OutgoingHttpHeaders, status: number])[] = [
    ['If-None-Match of it', { 'If-None-Match': '"own"' }, 304],
    ['If-None-Match of it, weak', { 'If-None-Match': 'W/"own"' }, 304],
    ['If-None-Match in a list', { 'If-None-Match': '"a", W/"b" ,"own"' }, 304],
    ['If-None-Match in two lines', { 'If-None-Match': ['"a"', '"own"'] }, 304],
    ['If-None-Match of anything', { 'If-None-Match': '*' }, 304],
    ['If-None-Match of another', { 'If-None-Match': '"other"' }, 200],
    ['If-None-Match that is empty', { 'If-None-Match': '' }, 200],
    ['If-None-Match without quotes', { 'If-None-Match': 'own' }, 200],
    ['If-Modified-Since of the same instant', { 'If-Modified-Since': MODIFIED }, 304],
    ['If-Modified-Since later', { 'If-Modified-Since': AFTER }, 304],
    ['If-Modified-Since earlier', { 'If-Modified-Since': BEFORE }, 200],
    ['If-Modified-Since that is no date', { 'If-Modified-Since': 'lately' }, 200],
    ['If-Modified-Since that is a date, but none of HTTP', { 'If-Modified-Since': '2026-01-01T00:00:00Z' }, 200],
    ['If-Modified-Since as it was written once', { 'If-Modified-Since': 'Wednesday, 01-Jan-25 00:00:01 GMT' }, 304],
    ['If-None-Match that does not fit its grammar', { 'If-None-Match': '"own" "b"' }, 200],
    ['If-None-Match of another, though not modified since', { 'If-None-Match': '"other"', 'If-Modified-Since': AFTER }, 200],
    ['If-None-Match of it, though modified since', { 'If-None-Match': '"own"', 'If-Modified-Since': BEFORE }, 304],
    ['both, and a wish to reload', { 'If-None-Match': '"own"', 'Cache-Control': 'no-cache' }, 200],
    ['If-None-Match of it, though for a part of it', { 'If-None-Match': '"own"', Range: 'bytes=0-1' }, 304],
  ]
  for (const [what, headers, status] of rows) {
    it(`gets ${status} for ${what}, whether the page is kept or is yet to be made`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.set('ETag', '"own"').set('Last-Modified', MODIFIED).send('hello'))
      for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
        const reply = await site.ask({ headers })
        expect([reply.status, reply.outcome]).to.deep.equal([status, outcome])
        expect(reply.text).to.equal(status === 304 ? '' : 'hello')
        expect(reply.headers['etag']).to.equal('"own"')
      }
      const whole = await site.ask()
      expect([whole.status, whole.text, whole.outcome]).to.deep.equal([200, 'hello', 'hit; ttl=60'])
      expect(site.runs).to.equal(1)
    })
  }

  it('is told with nothing that describes a body', async () => {
    const site = await framework.page({ ttl: '1m' }, visit =>
      visit
        .set('ETag', '"own"')
        .set('Content-Language', 'de')
        .set('Last-Modified', MODIFIED)
        .set('Cache-Control', 'max-age=60')
        .set('Expires', 'Thu, 01 Jan 2037 00:00:00 GMT')
        .set('Content-Location', '/here')
        .set('Vary', 'Accept-Language')
        .send('hello'),
    )
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
      const reply = await site.ask({ headers: { 'If-None-Match': '"own"' } })
      expect([reply.status, reply.outcome]).to.deep.equal([304, outcome])
      for (const name of ['content-type', 'content-length', 'content-language', 'content-encoding', 'last-modified', 'transfer-encoding']) {
        expect([name, reply.headers[name]]).to.deep.equal([name, undefined])
      }
      expect(reply.headers['etag']).to.equal('"own"')
      expect(reply.headers['cache-control']).to.equal('max-age=60')
      expect(reply.headers['expires']).to.equal('Thu, 01 Jan 2037 00:00:00 GMT')
      expect(reply.headers['content-location']).to.equal('/here')
      expect(reply.headers['vary']?.toLowerCase()).to.equal('accept-language')
      expect(reply.headers['date']).to.be.a('string')
      expect(reply.message).to.equal('Not Modified')
    }
  })

  it('is answered for HEAD as for GET', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('ETag', '"own"').send('hello'))
    for (let asked = 0; asked < 2; asked++) {
      expect((await site.ask({ method: 'HEAD', headers: { 'If-None-Match': '"own"' } })).status).to.equal(304)
    }
  })

  for (const status of [203, 301, 404]) {
    it(`of status ${status} gets it anew`, async () => {
      const site = await framework.page({ ttl: '1m', statuses: [203, 301, 404] }, visit =>
        visit.status(status).set('ETag', '"own"').send('hello'),
      )
      for (let asked = 0; asked < 2; asked++) {
        expect((await site.ask({ headers: { 'If-None-Match': '"own"' } })).status).to.equal(status)
      }
    })
  }

  it('gets its own reason phrase, and not that of the page', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      visit.status(200)
      visit.response.statusMessage = 'Very Well'
      visit.set('ETag', '"own"').send('hello')
    })
    for (let asked = 0; asked < 2; asked++) {
      const reply = await site.ask({ headers: { 'If-None-Match': '"own"' } })
      expect([reply.status, reply.message]).to.deep.equal([304, 'Not Modified'])
    }
  })

  for (const [name, value] of [
    ['Cache-Control', 'private'],
    ['Cache-Control', 'no-cache'],
    ['Set-Cookie', 'a=1'],
  ] as const) {
    it(`gets 304 of a page that is not kept for its ${name}: ${value}, sent at once or as a stream`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => {
        visit.set(name, value).set('ETag', '"own"').set('Last-Modified', MODIFIED).set('Content-Type', 'text/plain')
        if (visit.request.url === '/stream') visit.stream(Readable.from([Buffer.from('hel'), Buffer.from('lo')]))
        else visit.send('hello')
      })
      for (const path of ['/', '/stream']) {
        for (const condition of [{ 'If-None-Match': '"own"' }, { 'If-Modified-Since': MODIFIED }]) {
          const held = await site.ask({ path, headers: condition })
          expect([held.status, held.text, held.headers['content-type']]).to.deep.equal([304, '', undefined])
          expect([held.headers['etag'], held.outcome]).to.deep.equal([
            '"own"',
            `fwd=uri-miss; detail=${value === 'a=1' ? 'set-cookie' : value}`,
          ])
        }
        for (const headers of [{}, { 'If-None-Match': '"other"' }]) {
          const whole = await site.ask({ path, headers })
          expect([whole.status, whole.text]).to.deep.equal([200, 'hello'])
        }
      }
    })
  }

  it('gets 304 of what is stale within its grace, too', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => visit.set('ETag', '"own"').send('hello'))
    await site.ask()
    site.clock.advance('2m')
    const reply = await site.ask({ headers: { 'If-None-Match': '"own"' } })
    expect([reply.status, reply.outcome]).to.deep.equal([304, 'hit; ttl=-60; detail=stale'])
  })
})
