import { expect } from 'chai'
import type { Context } from 'koa'
import { PassThrough, Stream } from 'node:stream'
import { closeSites } from '../pages/site.js'
import type { Framework, Mount } from '../pages/framework.js'
import { onKoa } from './framework.js'

const KEPT = { ttl: '1m', statuses: [200, 205, 404] } as const

describe('A Koa body', () => {
  afterEach(closeSites)

  const replying = (reply: (context: Context) => unknown): ReturnType<Framework['site']> =>
    onKoa.site((app, site) => {
      const handler: Mount = {
        middleware: async (context: Context) => {
          site.ran()
          await reply(context)
        },
      }
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }), handler)
    })

  const bodies: readonly (readonly [
    what: string,
    reply: (context: Context) => unknown,
    status: number,
    text: string,
    type: string | undefined,
  ])[] = [
    ['null', context => (context.body = null), 204, '', undefined],
    ['null with a status', context => ((context.status = 200), (context.body = null)), 204, '', undefined],
    [
      'null of JSON',
      context => ((context.status = 200), (context.type = 'json'), (context.body = null)),
      200,
      'null',
      'application/json; charset=utf-8',
    ],
    ['an empty string', context => (context.body = ''), 200, '', 'text/plain; charset=utf-8'],
    ['a string of HTML', context => (context.body = '<p>hi'), 200, '<p>hi', 'text/html; charset=utf-8'],
    ['an object', context => (context.body = { a: 'ü' }), 200, '{"a":"ü"}', 'application/json; charset=utf-8'],
    ['an array', context => (context.body = [1]), 200, '[1]', 'application/json; charset=utf-8'],
    ['a number', context => (context.body = 7), 200, '7', 'application/json; charset=utf-8'],
    ['false', context => (context.body = false), 200, 'false', 'application/json; charset=utf-8'],
    ['a Blob', context => (context.body = new Blob(['hi'], { type: 'text/x' })), 200, 'hi', 'text/x; charset=utf-8'],
    ['an empty Blob', context => (context.body = new Blob([])), 200, '', 'application/octet-stream'],
    [
      'a Response without a body',
      context => (context.body = new Response(null, { headers: { 'X-A': '1' } })),
      200,
      '',
      'application/octet-stream',
    ],
    [
      'a Response with a status',
      context => (context.body = new Response('hi', { status: 203, headers: { 'Content-Type': 'a/b' } })),
      203,
      'hi',
      'a/b',
    ],
    ['a redirect', context => ((context.status = 301), context.redirect('/new')), 301, 'Redirecting to /new.', 'text/html; charset=utf-8'],
    ['a stream of strings', context => (context.body = PassThrough.from(['h', 'ü'])), 200, 'hü', 'application/octet-stream'],
  ]
  for (const [what, reply, status, text, type] of bodies) {
    it(`that is ${what} is kept as it is sent`, async () => {
      const site = await replying(reply)
      for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
        const answer = await site.ask()
        expect([answer.status, answer.text, answer.headers['content-type'], answer.outcome]).to.deep.equal([status, text, type, outcome])
      }
      expect(site.runs).to.equal(1)
    })
  }

  it('that is a stream leaves room for those who listen to the response themselves', async () => {
    let most = 0
    const site = await onKoa.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.route('get', '/', app.cachePage({ ttl: '2m' }), visit => {
        const { response } = visit
        response.on('newListener', () => (most = Math.max(most, ...['close', 'finish', 'error'].map(name => response.listenerCount(name)))))
        visit.stream(PassThrough.from(['a', 'b']))
      })
    })
    expect((await site.ask()).text).to.equal('ab')
    // Node warns of the eleventh; some are counted before they are there.
    expect(most).to.be.within(4, 8)
  })

  it('that is a stream of the oldest kind is kept as it is sent', async () => {
    const site = await replying(context => {
      const source = Object.assign(new Stream(), { readable: true, pause: () => undefined, resume: () => undefined })
      setImmediate(() => {
        for (const part of ['hel', 'lo']) source.emit('data', Buffer.from(part))
        source.emit('end')
        source.emit('close')
      })
      context.body = source
    })
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).text).to.equal('hello')
    expect(site.runs).to.equal(1)
  })

  it('that was never set is Koa’s own text for the status, which is not kept', async () => {
    const site = await onKoa.page({ ttl: '1m', statuses: [200, 404] }, () => undefined)
    for (const run of [1, 2]) {
      const reply = await site.ask()
      expect([reply.status, reply.text, reply.outcome]).to.deep.equal([404, 'Not Found', 'fwd=uri-miss; detail=body'])
      expect(site.runs).to.equal(run)
    }
    expect(site.heard('refuse').map(({ reason }) => reason)).to.deep.equal(['body', 'body'])
  })

  const onTheSite: Readonly<Record<string, (context: Context) => unknown>> = {
    'that is set with a status that has none is none, also in hits': context => ((context.status = 205), (context.body = 'none')),
    'that is the null of JSON leaves the status as it is': context => ((context.type = 'json'), (context.body = null)),
  }
  for (const [what, reply] of Object.entries(onTheSite)) {
    it(what, async () => {
      const sent = async (cached: boolean) => {
        const site = await onKoa.site(app => {
          if (cached) app.use(app.smartCache({ pages: KEPT }))
          app.use({ middleware: (context: Context) => void reply(context) })
        })
        return [await site.ask(), await site.ask()].map(({ status, text, headers }) => [status, text, headers['content-type']])
      }
      expect(await sent(true)).to.deep.equal(await sent(false))
    })
  }

  it('that cannot be made into JSON fails the request, and is not kept', async () => {
    const site = await replying(context => {
      const loop: Record<string, unknown> = {}
      loop['loop'] = loop
      context.body = loop
    })
    for (const run of [1, 2]) {
      expect((await site.ask()).status).to.equal(500)
      expect(site.runs).to.equal(run)
    }
    expect(site.heard('fill')).to.deep.equal([])
  })
})
