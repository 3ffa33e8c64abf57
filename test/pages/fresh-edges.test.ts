import { inspect } from 'node:util'
import { expect } from 'chai'
import { ConfigError, KeyError, type AnyVisit } from 'smart-cache'
import type { App } from './framework.js'
import { describePages } from './frameworks.js'

const CHANGED = Date.parse('2020-01-01T10:00:00.700Z')
const FIELD = 'Wed, 01 Jan 2020 10:00:00 GMT'

describePages('A handler behind its validators', framework => {
  const behind = (mount: (app: App) => unknown) =>
    framework.site((app: App) => {
      app.use(app.smartCache())
      mount(app)
      app.handle(visit => visit.send('hello'))
    })

  const dates: Readonly<Record<string, number>> = {
    [FIELD]: 304,
    'Wednesday, 01-Jan-20 10:00:00 GMT': 304,
    'Wed Jan  1 10:00:00 2020': 304,
    'Wed, 01 Jan 2020 09:59:59 GMT': 200,
    'Fri, 01 Jan 2100 10:00:00 GMT': 304,
    'Wed, 32 Jan 2020 10:00:00 GMT': 200,
    '2030-01-01T10:00:00Z': 200,
    '1893456000': 200,
    yesterday: 200,
    '': 200,
  }
  for (const [date, status] of Object.entries(dates)) {
    it(`${status === 304 ? 'does not run' : 'runs'} for who has it of "${date}"`, async () => {
      const site = await behind(app => app.use(app.lastModified(() => CHANGED)))
      const reply = await site.ask({ headers: { 'If-Modified-Since': date } })
      expect(site.runs).to.equal(status === 304 ? 0 : 1)
      // What Express makes of its own field when the handler has answered is another matter.
      if (status === 304) expect([reply.status, reply.headers['last-modified']]).to.deep.equal([304, FIELD])
    })
  }

  const tags: readonly (readonly [etag: string, asked: string, status: number])[] = [
    ['"v7"', 'W/"v7"', 304],
    ['W/"v7"', '"v7"', 304],
    ['"v7"', '"v6", W/"v7" , "v8"', 304],
    ['"v7"', '*', 304],
    ['"v7"', 'v7', 200],
    ['"v7"', '"v7', 200],
    ['"v7"', 'w/"v7"', 200],
    ['"v7"', '"V7"', 200],
    ['"v7"', '', 200],
    ['"v,7"', '"v,7"', 304],
    ['"v,7"', '"v", "7"', 200],
  ]
  for (const [etag, asked, status] of tags) {
    it(`answers ${status} to who has ${asked || 'nothing'} of ${etag}, GET and HEAD`, async () => {
      const site = await behind(app => app.use(app.etagOf(() => etag)))
      for (const method of ['GET', 'HEAD']) {
        const reply = await site.ask({ method, headers: { 'If-None-Match': asked } })
        expect([reply.status, reply.headers['etag'], reply.text]).to.deep.equal([
          status,
          etag,
          status === 304 || method === 'HEAD' ? '' : 'hello',
        ])
      }
      expect(site.runs).to.equal(status === 304 ? 0 : 2)
    })
  }

  const failing: Readonly<Record<string, () => never>> = {
    'throws at once': () => {
      throw Object.assign(new Error('no such post'), { status: 404, expose: true })
    },
    rejects: (() => Promise.reject(Object.assign(new Error('no such post'), { status: 404, expose: true }))) as () => never,
  }
  for (const [what, read] of Object.entries(failing)) {
    it(`does not run if what reads its validators ${what}, and the error is the framework’s, untouched`, async () => {
      for (const mount of [(app: App) => app.etagOf(read), (app: App) => app.lastModified(read)]) {
        const site = await behind(app => app.use(mount(app)))
        const reply = await site.ask({ headers: { 'If-None-Match': '*' } })
        expect([reply.status, site.runs, (site.errors[0] as Error).message]).to.deep.equal([404, 0, 'no such post'])
      }
    })
  }

  for (const wrong of [new Date('never'), Number.NaN, Infinity, '2020-01-01', {}, true]) {
    it(`refuses ${inspect(wrong)} as an instant`, async () => {
      const site = await behind(app => app.use(app.lastModified(() => wrong as Date)))
      expect([(await site.ask()).status, site.runs]).to.deep.equal([500, 0])
      expect(site.errors[0]).to.be.instanceOf(ConfigError)
    })
  }

  for (const wrong of [() => 'a function', Symbol('v7'), new WeakMap()]) {
    it(`refuses a ${typeof wrong} as what changes with the answer`, async () => {
      const site = await behind(app => app.use(app.etagOf(() => wrong)))
      expect([(await site.ask()).status, site.runs]).to.deep.equal([500, 0])
      expect(site.errors[0]).to.be.instanceOf(KeyError)
    })
  }

  it('says nothing of what will have changed, and answers nobody by it', async () => {
    const site = await behind(app => app.use(app.lastModified(() => Date.parse('2100-01-01T00:00:00Z'))))
    for (const since of [FIELD, 'Fri, 01 Jan 2100 00:00:00 GMT']) {
      const reply = await site.ask({ headers: { 'If-Modified-Since': since } })
      expect([reply.status, reply.headers['last-modified']]).to.deep.equal([200, undefined])
    }
  })

  it('keeps on a 304 what is not about a body', async () => {
    const site = await behind(app =>
      app.use(
        app.step(visit => void visit.set('Set-Cookie', 'a=b').set('Vary', 'Cookie').set('Content-Language', 'de')),
        app.cacheControl({ private: true, maxAge: '1m' }),
        app.etagOf(() => '"v7"'),
      ),
    )
    const { status, headers } = await site.ask({ headers: { 'If-None-Match': '"v7"' } })
    expect([status, headers['cache-control'], headers['vary'], headers['content-language'], headers['content-type']]).to.deep.equal([
      304,
      'private, max-age=60',
      'Cookie',
      undefined,
      undefined,
    ])
    expect(headers['set-cookie']).to.deep.equal(['a=b'])
  })
})

describePages('Validators outside of a kept page', framework => {
  it('answer for HEAD and GET alike, and leave other methods to their handlers', async () => {
    const site = await framework.site((app: App) => {
      app.use(
        app.smartCache(),
        app.etagOf(() => '"v7"'),
        app.cachePage({ ttl: '1h' }),
      )
      app.handle(visit => visit.send('hello'))
    })
    await site.ask()
    for (const method of ['GET', 'HEAD']) {
      const [known, unknown] = [
        await site.ask({ method, headers: { 'If-None-Match': '"v7"' } }),
        await site.ask({ method, headers: { 'If-None-Match': '"v6"' } }),
      ]
      expect([known.status, known.headers['etag'], unknown.status, unknown.outcome]).to.deep.equal([304, '"v7"', 200, 'hit; ttl=3600'])
    }
    const posted = await site.ask({ method: 'POST', headers: { 'If-None-Match': '"v7"' } })
    expect([posted.status, site.runs]).to.deep.equal([200, 2])
  })

  it('are taken from a page with holes, for what fills them changes', async () => {
    const site = await framework.site((app: App) => {
      app.use(
        app.smartCache(),
        app.cachePage({ ttl: '1h' }),
        app.etagOf(() => '"v7"'),
      )
      app.handle(visit => visit.send(visit.cache.hole('whose', ({ headers }: AnyVisit) => String(headers['x-visitor']))))
    })
    for (const visitor of ['Ann', 'Bea', 'Ann']) {
      const { status, text, headers } = await site.ask({ headers: { 'X-Visitor': visitor, 'If-None-Match': '"v7"' } })
      expect([status, text, headers['etag']]).to.deep.equal([200, visitor, undefined])
    }
    expect(site.runs).to.equal(1)
  })
})
