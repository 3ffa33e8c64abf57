import { expect } from 'chai'
import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Framework, Step } from '../framework.js'
import type { Part } from './part.js'
import type { Reply, Site } from '../site.js'

const TEXT = '0123456789'.repeat(100)
const MODIFIED = 'Wed, 01 Jan 2025 00:00:00 GMT'

const answer: Step = visit =>
  visit.set('Content-Type', 'text/plain; charset=utf-8').set('ETag', '"own"').set('Last-Modified', MODIFIED).send(TEXT)

/** The page as it is asked for first, and as it is kept. */
async function bothReplies(framework: Framework, headers: OutgoingHttpHeaders, handler = answer): Promise<readonly Reply[]> {
  const site = await framework.page({ ttl: '1m' }, handler)
  const replies = [await site.ask({ headers }), await site.ask({ headers })]
  expect(replies.map(({ outcome }) => outcome)).to.deep.equal(['fwd=uri-miss', 'hit; ttl=60'])
  expect(site.runs).to.equal(1)
  expect((await site.ask()).text, 'the whole is kept').to.equal(TEXT)
  return replies
}

export const RANGES: Part = {
  title: 'A part of a page (RFC 9110, 14)',
  atTheFront: true,
  tests(framework) {
    const parts: readonly (readonly [range: string, first: number, last: number])[] = [
      ['bytes=0-0', 0, 0],
      ['bytes=0-9', 0, 9],
      ['bytes=990-', 990, 999],
      ['bytes=990-5000', 990, 999],
      ['bytes=-7', 993, 999],
      ['bytes=-5000', 0, 999],
      ['bytes=0-', 0, 999],
      ['Bytes=3-4', 3, 4],
      ['bytes= 3-4 ', 3, 4],
      ['bytes=,3-4,', 3, 4],
      ['bytes=0-9,5-19', 0, 19],
      ['bytes=10-19,0-9', 0, 19],
      ['bytes=0-9,40-49', 0, 49],
      ['bytes=3-4,1000-', 3, 4],
      ['bytes=3-4,-0', 3, 4],
    ]
    for (const [range, first, last] of parts) {
      it(`is sent for ${range}`, async () => {
        for (const reply of await bothReplies(framework, { Range: range })) {
          expect(reply.status).to.equal(206)
          expect(reply.message).to.equal('Partial Content')
          expect(reply.text).to.equal(TEXT.slice(first, last + 1))
          expect(reply.headers['content-range']).to.equal(`bytes ${first}-${last}/1000`)
          expect(reply.headers['content-length']).to.equal(String(last - first + 1))
          expect(reply.headers['content-type']).to.match(/^text\/plain/)
          expect(reply.headers['etag']).to.equal('"own"')
          expect(reply.headers['last-modified']).to.equal(MODIFIED)
          expect(reply.headers['accept-ranges']).to.equal('bytes')
        }
      })
    }

    it('is sent with others, in the order in which they were asked for', async () => {
      for (const reply of await bothReplies(framework, { Range: 'bytes=-5, 100-104, 300-304, 302-309' })) {
        expect(reply.status).to.equal(206)
        expect(reply.headers['content-range']).to.equal(undefined)
        const [, boundary = ''] = /^multipart\/byteranges; boundary=([\w-]+)$/.exec(reply.headers['content-type'] ?? '') ?? []
        const [before, ...rest] = reply.text.split(`\r\n--${boundary}`)
        expect(before).to.equal('')
        expect(rest.at(-1)).to.equal('--\r\n')
        const sent = rest.slice(0, -1).map(part => /^\r\nContent-Type: (\S+).*\r\nContent-Range: (.+)\r\n\r\n(.*)$/.exec(part)?.slice(1))
        expect(sent).to.deep.equal([
          ['text/plain;', 'bytes 995-999/1000', '56789'],
          ['text/plain;', 'bytes 100-104/1000', '01234'],
          ['text/plain;', 'bytes 300-309/1000', '0123456789'],
        ])
        expect(reply.headers['content-length']).to.equal(String(reply.body.length))
      }
    })

    for (const range of ['bytes=1000-', 'bytes=5000-6000', 'bytes=-0', 'bytes=1000-,2000-']) {
      it(`is refused with 416 for ${range}, which there is not`, async () => {
        for (const reply of await bothReplies(framework, { Range: range })) {
          expect([reply.status, reply.text]).to.deep.equal([416, ''])
          expect(reply.headers['content-range']).to.equal('bytes */1000')
          expect(reply.headers['content-length']).to.equal('0')
          expect(reply.headers['content-type']).to.equal(undefined)
        }
      })
    }

    const ignored = [
      'bytes',
      'bytes=',
      'bytes=a-b',
      'bytes=5-2',
      'bytes=--5',
      'bytes=5',
      'bytes=1-2-3',
      'bytes=0x1-2',
      'bytes=0-1;2-3',
      'lines=0-1',
      'bytes =0-1',
      `bytes=${Array.from({ length: 17 }, (_, at) => `${at * 50}-${at * 50}`).join()}`,
      `bytes=${'0-,'.repeat(1000)}`,
    ]
    for (const range of ignored) {
      it(`is not what ${range.slice(0, 30)} asks for: that is the whole`, async () => {
        for (const reply of await bothReplies(framework, { Range: range })) {
          expect([reply.status, reply.text === TEXT]).to.deep.equal([200, true])
          expect(reply.headers['content-range']).to.equal(undefined)
        }
      })
    }

    const conditional: readonly (readonly [ifRange: string, status: number])[] = [
      ['"own"', 206],
      ['"other"', 200],
      ['W/"own"', 200],
      ['own', 200],
      ['"own", "other"', 200],
      [MODIFIED, 206],
      ['Wed, 01 Jan 2025 00:00:01 GMT', 200],
      ['Tue, 31 Dec 2024 23:59:59 GMT', 200],
      ['1 Jan 2025', 200],
    ]
    for (const [ifRange, status] of conditional) {
      it(`is ${status === 206 ? '' : 'not '}for who has another of ${ifRange} (13.1.5)`, async () => {
        for (const reply of await bothReplies(framework, { Range: 'bytes=0-9', 'If-Range': ifRange })) {
          expect([reply.status, reply.body.length]).to.deep.equal([status, status === 206 ? 10 : 1000])
        }
      })
    }

    it('is not for who has another of a weak validator, or of a date within the second in which it was made', async () => {
      const site = await framework.site(app => {
        app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
        app.handle(visit => visit.set('ETag', 'W/"own"').set('Last-Modified', new Date(site.clock.now()).toUTCString()).send(TEXT))
      })
      const { headers } = await site.ask()
      for (const ifRange of ['W/"own"', String(headers['last-modified'])]) {
        expect((await site.ask({ headers: { Range: 'bytes=0-9', 'If-Range': ifRange } })).status).to.equal(200)
      }
    })

    it('is not sent to who has the whole', async () => {
      for (const reply of await bothReplies(framework, { Range: 'bytes=0-9', 'If-None-Match': '"own"' })) expect(reply.status).to.equal(304)
    })

    it('is sent to who has another page', async () => {
      for (const reply of await bothReplies(framework, { Range: 'bytes=0-9', 'If-None-Match': '"other"' }))
        expect(reply.status).to.equal(206)
    })

    it('is not what HEAD asks for', async () => {
      const site = await framework.page({ ttl: '1m' }, answer)
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask({ method: 'HEAD', headers: { Range: 'bytes=0-9' } })
        expect([reply.status, reply.headers['content-length']]).to.deep.equal([200, '1000'])
      }
    })

    it('is sent of a stream once it is kept; before that, the whole', async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.stream(Readable.from([Buffer.from(TEXT)])))
      const replies = [await site.ask({ headers: { Range: 'bytes=0-9' } }), await site.ask({ headers: { Range: 'bytes=0-9' } })]
      expect(replies.map(({ status, body }) => [status, body.length])).to.deep.equal([
        [200, 1000],
        [206, 10],
      ])
    })

    it('is of the bytes as they are, whatever encoding is welcome', async () => {
      for (const reply of await bothReplies(framework, { Range: 'bytes=0-9', 'Accept-Encoding': 'gzip, br' })) {
        expect([reply.status, reply.text, reply.headers['content-encoding']]).to.deep.equal([206, '0123456789', undefined])
        expect(reply.headers['cache-control']).to.equal('no-transform')
      }
    })

    it('says what else the page says to caches', async () => {
      const replies = await bothReplies(framework, { Range: 'bytes=0-9' }, visit => visit.set('Cache-Control', 'max-age=60').send(TEXT))
      for (const reply of replies) expect(reply.headers['cache-control']).to.equal('max-age=60, no-transform')
    })

    const unranged: Readonly<Record<string, Step>> = {
      'of a page that says there are none': visit => visit.set('Accept-Ranges', 'none').send(TEXT),
      'of a page with a digest of its bytes': visit => visit.set('Content-Digest', 'sha-256=:abc=:').send(TEXT),
    }
    for (const [what, handler] of Object.entries(unranged)) {
      it(`is not sent ${what}`, async () => {
        for (const reply of await bothReplies(framework, { Range: 'bytes=0-9' }, handler)) {
          expect([reply.status, reply.text === TEXT]).to.deep.equal([200, true])
        }
      })
    }

    it('is not sent of another status', async () => {
      const site = await framework.page({ ttl: '1m', statuses: [404] }, visit => visit.status(404).send(TEXT))
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask({ headers: { Range: 'bytes=0-9' } })
        expect([reply.status, reply.headers['accept-ranges']]).to.deep.equal([404, undefined])
      }
    })

    it('that a handler sends by itself is passed on, and not kept', async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.status(206).set('Content-Range', 'bytes 0-1/5').send('he'))
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask({ headers: { Range: 'bytes=0-1' } })
        expect([reply.status, reply.text, reply.headers['content-range']]).to.deep.equal([206, 'he', 'bytes 0-1/5'])
        expect(reply.outcome).to.equal('fwd=uri-miss; detail=status')
      }
    })

    it('is the handler’s business once the page has turned out too large to be kept', async () => {
      const ranged: Step = visit => {
        const { range } = visit.request.headers
        if (range === undefined) visit.send(TEXT)
        else visit.status(206).set('Content-Range', 'bytes 0-1/1000').send('01')
      }
      const site = await framework.page({ ttl: '1m', maxBody: 500 }, ranged)
      const ask = () => site.ask({ headers: { Range: 'bytes=0-1' } })
      const [first, second] = [await ask(), await ask()]
      expect([first.status, first.body.length, first.outcome]).to.deep.equal([200, 1000, 'fwd=uri-miss; detail=max-body'])
      expect([second.status, second.text, second.outcome]).to.deep.equal([206, '01', 'fwd=bypass; detail=max-body'])
      expect((await site.ask()).text).to.equal(TEXT)
    })

    it('of a page that is not kept is left to its handler, if that makes parts', async () => {
      const site = await framework.page({ ttl: '1m' }, visit => {
        visit.set('Cache-Control', 'max-age=0').set('Accept-Ranges', 'bytes').set('Content-Type', 'text/plain')
        if (visit.request.headers.range === undefined) visit.stream(Readable.from([Buffer.from(TEXT)]))
        else visit.status(206).set('Content-Range', 'bytes 0-1/1000').send('01')
      })
      const part = { headers: { Range: 'bytes=0-1' } }
      expect((await site.ask(part)).status).to.equal(200)
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask(part)
        expect([reply.status, reply.text, reply.outcome]).to.deep.equal([206, '01', 'fwd=bypass; detail=max-age'])
      }
      expect((await site.ask()).text).to.equal(TEXT)
    })

    it('is no longer left to its handler once the page has been kept after all', async () => {
      let control = 'no-store'
      const site: Site = await framework.page({ ttl: '1m' }, visit => {
        visit.set('Cache-Control', control).set('Accept-Ranges', 'bytes').send(TEXT)
        control = 'public'
      })
      await site.ask()
      await site.ask()
      site.clock.advance('1h')
      const part = { headers: { Range: 'bytes=0-1' } }
      for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) expect((await site.ask(part)).outcome).to.equal(outcome)
    })

    it('is sent while the page is stale, and when its handler fails', async () => {
      let fails = false
      const site: Site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => {
        if (fails) visit.status(500).send('failed')
        else visit.send(TEXT)
      })
      await site.ask()
      fails = true
      site.clock.advance('2m')
      const reply = await site.ask({ headers: { Range: 'bytes=0-9' } })
      expect([reply.status, reply.text]).to.deep.equal([206, '0123456789'])
    })
  },
}
