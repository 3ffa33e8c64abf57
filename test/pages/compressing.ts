import { expect } from 'chai'
import { Readable } from 'node:stream'
import { decoded } from './decoded.js'
import type { App, Framework, Mount, Step } from './framework.js'
import { closeSites, type Reply, type Site } from './site.js'

const TEXT = 'Grüße aus der Küche. '.repeat(500)

const REPLIES: Readonly<Record<string, Step>> = {
  'a text': visit => visit.set('Content-Type', 'text/plain; charset=utf-8').send(TEXT),
  'a stream': visit =>
    visit
      .set('Content-Type', 'text/plain; charset=utf-8')
      .stream(Readable.from([TEXT.slice(0, 999), TEXT.slice(999)].map(part => Buffer.from(part)))),
  'written parts': visit => {
    const response = visit.raw()
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.write(TEXT.slice(0, 999))
    response.end(TEXT.slice(999))
  },
}

const ACCEPTED = ['gzip', 'br', 'deflate', 'gzip, br', 'gzip;q=0', 'identity', undefined]

/** What holds for a middleware that compresses, before the cache and after it. Replies that it does not see, it cannot compress. */
export function describeCompression(name: string, framework: Framework, compress: () => Mount, sees: readonly string[]): void {
  const places: Readonly<Record<string, (app: App) => void>> = {
    before: app => app.use(compress(), app.smartCache(), app.cachePage({ ttl: '1m', grace: '1h' })),
    between: app => app.use(app.smartCache(), compress(), app.cachePage({ ttl: '1m', grace: '1h' })),
    after: app => app.use(app.smartCache(), app.cachePage({ ttl: '1m', grace: '1h' }), compress()),
  }
  for (const [place, mount] of Object.entries(places)) {
    describe(`${name} ${place} the cache`, () => {
      afterEach(closeSites)

      for (const [what, handler] of Object.entries(REPLIES)) {
        const open = () =>
          framework.site(app => {
            mount(app)
            app.handle(handler)
          })
        const ask = (site: Site, accepted: string | undefined, more = {}) =>
          site.ask({ headers: { ...(accepted === undefined ? {} : { 'Accept-Encoding': accepted }), ...more } })
        const expectReadable = (reply: Reply, accepted: string | undefined) => {
          expect(decoded(reply) === TEXT, 'the text').to.equal(true)
          expect(reply.headers['content-type']).to.equal('text/plain; charset=utf-8')
          const encoding = reply.headers['content-encoding']
          if (encoding !== undefined) expect(accepted).to.include(encoding)
          if (reply.headers['content-length'] !== undefined) expect(Number(reply.headers['content-length'])).to.equal(reply.body.length)
          if (sees.includes(what)) {
            expect(reply.headers['vary']?.toLowerCase()).to.include('accept-encoding')
            expect(encoding === undefined).to.equal(accepted === undefined || !/^(gzip|br|deflate)\b(?!;)/.test(accepted))
          }
        }

        for (const accepted of ACCEPTED) {
          it(`sends ${what} that can be read by who accepts ${accepted ?? 'nothing in particular'}, on a miss and on hits`, async () => {
            const site = await open()
            for (let asked = 0; asked < 3; asked++) expectReadable(await ask(site, accepted), accepted)
            expect(site.runs).to.equal(1)
          })
        }

        it(`sends ${what} that can be read by everybody, in turn and at once`, async () => {
          const site = await open()
          for (let round = 0; round < 2; round++) {
            for (const accepted of ACCEPTED) expectReadable(await ask(site, accepted), accepted)
            const replies = await Promise.all(ACCEPTED.map(accepted => ask(site, accepted)))
            for (const [at, reply] of replies.entries()) expectReadable(reply, ACCEPTED[at])
            site.clock.advance('2m')
          }
        })

        it(`gives ${what} no strong validator in common with another encoding of it`, async () => {
          const site = await open()
          const encodings = new Map<string, string | undefined>()
          for (let round = 0; round < 3; round++) {
            for (const accepted of ACCEPTED) {
              const { headers } = await ask(site, accepted)
              const etag = headers['etag'] ?? 'W/'
              if (etag.startsWith('W/')) continue
              if (encodings.has(etag)) expect([etag, headers['content-encoding']]).to.deep.equal([etag, encodings.get(etag)])
              encodings.set(etag, headers['content-encoding'])
            }
          }
        })

        it(`says what it is to HEAD, and 304 to who has it, of ${what}`, async () => {
          const site = await open()
          const whole = await ask(site, 'gzip')
          const hit = await ask(site, 'gzip')
          expectReadable(whole, 'gzip')
          const known = await ask(site, 'gzip', { 'If-None-Match': hit.headers['etag'] })
          expect([known.status, known.body.length]).to.deep.equal([304, 0])
          for (const field of ['content-encoding', 'content-length', 'content-type']) expect(known.headers[field]).to.equal(undefined)
          const head = await site.ask({ method: 'HEAD', headers: { 'Accept-Encoding': 'gzip' } })
          expect([head.status, head.body.length]).to.deep.equal([200, 0])
          expectReadable(await ask(site, 'gzip'), 'gzip')
        })
      }

      if (place !== 'after') {
        it('has the handler run once for all encodings', async () => {
          const site = await framework.site(app => {
            mount(app)
            app.handle(REPLIES['a text'] ?? (() => undefined))
          })
          for (const accepted of [undefined, 'gzip', 'br', 'deflate', 'gzip;q=0.5, br']) {
            expect(decoded(await site.ask({ headers: accepted === undefined ? {} : { 'Accept-Encoding': accepted } })) === TEXT).to.equal(
              true,
            )
          }
          expect(site.runs).to.equal(1)
        })
      }

      it('leaves the answers to unsafe requests as they are', async () => {
        const site = await framework.site(app => {
          mount(app)
          app.handle(REPLIES['written parts'] ?? (() => undefined))
        })
        for (const accepted of ['gzip', undefined]) {
          const reply = await site.ask({ method: 'POST', headers: accepted === undefined ? {} : { 'Accept-Encoding': accepted } })
          expect(decoded(reply) === TEXT, 'the text').to.equal(true)
        }
      })
    })
  }
}
