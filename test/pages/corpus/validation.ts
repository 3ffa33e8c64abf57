import { expect } from 'chai'
import type { Visit } from '../framework.js'
import type { Part } from './part.js'
import type { Site } from '../site.js'

export const VALIDATION: Part = {
  title: 'Where the origin rules, validation (RFC 9111, 4.3)',
  tests(framework) {
    const seen: unknown[] = []
    beforeEach(() => {
      seen.length = 0
    })

    /** A page that knows its validators, and says 304 to who has it. */
    async function validated(fields: Record<string, string>, news: Record<string, string> = {}): Promise<Site> {
      return framework.page({ honor: 'origin' }, visit => {
        const { 'if-none-match': tags, 'if-modified-since': since } = visit.request.headers
        seen.push([tags, since])
        const same = tags === fields['ETag'] || since === fields['Last-Modified']
        const head = seen.length > 1 && same ? { ...fields, ...news } : fields
        for (const [name, value] of Object.entries(head)) visit.response.setHeader(name, value)
        if (seen.length > 1 && same) end(visit, 304)
        else visit.send('hello')
      })
    }

    function end(visit: Visit, status: number): void {
      visit.response.statusCode = status
      const response = visit.raw()
      response.statusCode = status
      response.end()
    }

    const MODIFIED = 'Wed, 31 Dec 2025 00:00:00 GMT'

    it('4.3.1: a stale page is asked about with the validators that it came with, and not with the visitor’s', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60', ETag: '"a"', 'Last-Modified': MODIFIED })
      await site.ask()
      site.clock.advance('2m')
      const reply = await site.ask({ headers: { 'If-None-Match': '"other"', Range: 'bytes=0-1' } })
      expect(seen).to.deep.equal([
        [undefined, undefined],
        ['"a"', MODIFIED],
      ])
      expect([reply.status, reply.text]).to.deep.equal([206, 'he'])
    })

    it('4.3.1: a validator that was made here is not the handler’s to know', async () => {
      const site = await framework.page({ honor: 'origin' }, visit => {
        seen.push(visit.request.headers['if-none-match'])
        visit.response.setHeader('Cache-Control', 'max-age=60')
        visit.raw().end('hello')
      })
      await site.ask()
      site.clock.advance('2m')
      await site.ask()
      expect(seen).to.deep.equal([undefined, undefined])
    })

    it('4.3.3: a 304 has the kept page served, and kept anew', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60', ETag: '"a"' })
      await site.ask()
      site.clock.advance('2m')
      const reply = await site.ask()
      expect([reply.status, reply.text, reply.outcome]).to.deep.equal([200, 'hello', 'fwd=stale; fwd-status=304; ttl=60'])
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
      expect(seen).to.have.length(2)
    })

    it('4.3.2: a visitor who has the page hears 304 after it was revalidated', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60', ETag: '"a"' })
      await site.ask()
      site.clock.advance('2m')
      const reply = await site.ask({ headers: { 'If-None-Match': 'W/"a"' } })
      expect([reply.status, reply.text, reply.headers['etag']]).to.deep.equal([304, '', '"a"'])
    })

    it('3.2 and 4.3.4: what the 304 says takes the place of what was kept, but for what belongs to the bytes', async () => {
      const site = await validated(
        { 'Cache-Control': 'max-age=60', ETag: '"a"', 'X-Kept': '1', 'X-New': '1' },
        { 'Cache-Control': 'max-age=90', 'X-New': '2', 'Content-MD5': 'x' },
      )
      await site.ask()
      site.clock.advance('2m')
      for (const reply of [await site.ask(), await site.ask()]) {
        const { headers } = reply
        expect([headers['x-kept'], headers['x-new'], headers['content-md5'], headers['cache-control']]).to.deep.equal([
          '1',
          '2',
          undefined,
          'max-age=90',
        ])
      }
      expect((await site.ask()).outcome).to.equal('hit; ttl=90')
    })

    it('4.3.4: a 304 that forbids it is not kept, nor is what it was about', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60', ETag: '"a"' }, { 'Cache-Control': 'no-store' })
      await site.ask()
      site.clock.advance('2m')
      expect((await site.ask()).text).to.equal('hello')
      await site.eventually(() => site.heard('purge').length === 1)
      await site.ask()
      expect(seen).to.deep.equal([
        [undefined, undefined],
        ['"a"', undefined],
        [undefined, undefined],
      ])
    })

    it('4.3.4: a cookie in a 304 is its visitor’s alone', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60', ETag: '"a"' }, { 'Set-Cookie': 'mine=1' })
      await site.ask()
      site.clock.advance('2m')
      const reply = await site.ask()
      expect([reply.text, String(reply.headers['set-cookie'])]).to.deep.equal(['hello', 'mine=1'])
    })

    it('4.3.3: another answer takes the place of the kept page', async () => {
      let version = 1
      const site = await framework.page({ honor: 'origin' }, visit => {
        visit.set('Cache-Control', 'max-age=60').set('ETag', `"${version}"`).send(`version ${version}`)
      })
      await site.ask()
      version = 2
      site.clock.advance('2m')
      expect((await site.ask()).text).to.equal('version 2')
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })

    it('5.2.2.4: a page with no-cache is served after it was asked about, each time', async () => {
      const site = await validated({ 'Cache-Control': 'no-cache', ETag: '"a"' })
      for (const outcome of ['fwd=uri-miss', 'fwd=stale; fwd-status=304; ttl=0', 'fwd=stale; fwd-status=304; ttl=0']) {
        const reply = await site.ask()
        expect([reply.text, reply.outcome]).to.deep.equal(['hello', outcome])
      }
    })

    it('RFC 9110, 13.2.1: an error page is not asked about, for a 304 would say nothing of its status', async () => {
      let broken = true
      const site = await framework.page({ honor: 'origin' }, visit => {
        seen.push(visit.request.headers['if-none-match'])
        visit
          .status(broken ? 404 : 200)
          .set('Cache-Control', 'max-age=60')
          .set('ETag', '"a"')
          .send('hello')
      })
      await site.ask()
      broken = false
      site.clock.advance('2m')
      expect((await site.ask()).status).to.equal(200)
      expect(seen).to.deep.equal([undefined, undefined])
    })

    for (const directive of ['must-revalidate', 'proxy-revalidate', 's-maxage=60', 'no-cache']) {
      it(`4.2.4: with ${directive} nothing stale is served, whatever fails`, async () => {
        let broken = false
        const site = await framework.page({ honor: 'origin', grace: '1h', staleIfError: '1h' }, visit => {
          if (broken) throw Object.assign(new Error('broken'), { status: 503 })
          visit
            .set('Cache-Control', `max-age=60, stale-while-revalidate=600, stale-if-error=600, ${directive}`)
            .set('ETag', '"a"')
            .send('hello')
        })
        await site.ask()
        broken = true
        site.clock.advance('2m')
        expect((await site.ask()).status).to.equal(503)
      })
    }

    it('RFC 5861, 3: within stale-while-revalidate it is served, and revalidated behind the visitor’s back', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60, stale-while-revalidate=60', ETag: '"a"' })
      await site.ask()
      site.clock.advance('90s')
      expect((await site.ask()).outcome).to.equal('hit; ttl=-30; detail=stale')
      await site.eventually(() => site.heard('fill').length === 2)
      expect(seen[1]).to.deep.equal(['"a"', undefined])
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })

    it('RFC 5861, 3: after it, it is not', async () => {
      const site = await validated({ 'Cache-Control': 'max-age=60, stale-while-revalidate=60', ETag: '"a"' })
      await site.ask()
      site.clock.advance('2m')
      expect((await site.ask()).outcome).to.match(/^fwd=stale/)
    })

    for (const [seconds, status] of [
      [119, 200],
      [120, 500],
    ] as const) {
      it(`RFC 5861, 4: with stale-if-error=60 a failure after ${seconds} seconds is answered with ${status}`, async () => {
        let broken = false
        const site = await framework.page({ honor: 'origin' }, visit => {
          visit
            .status(broken ? 500 : 200)
            .set('Cache-Control', broken ? 'no-store' : 'max-age=60, stale-if-error=60')
            .send('hello')
        })
        await site.ask()
        broken = true
        site.clock.advance(seconds * 1000)
        expect((await site.ask()).status).to.equal(status)
      })
    }

    it('RFC 9110, 13.1.1 and 13.1.4: If-Match and If-Unmodified-Since reach the handler', async () => {
      const site = await framework.page({ honor: 'origin' }, visit => {
        const { 'if-match': match, 'if-unmodified-since': since } = visit.request.headers
        visit.send([match, since].join())
      })
      const headers = { 'If-Match': '"a"', 'If-Unmodified-Since': MODIFIED }
      expect((await site.ask({ headers })).text).to.equal(`"a",${MODIFIED}`)
    })
  },
}
