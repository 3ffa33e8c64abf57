import { expect } from 'chai'
import { ConfigError, KeyError } from 'smart-cache'
import type { App, Asked } from './framework.js'
import { describePages } from './frameworks.js'

const CHANGED = '2020-01-01T10:00:00.700Z'
const FIELD = 'Wed, 01 Jan 2020 10:00:00 GMT'

describePages('A handler behind its validators', framework => {
  async function behind(mount: (app: App, counted: <T>(value: T) => (asked: Asked) => Promise<T>) => unknown) {
    const counts = { reads: 0 }
    const counted =
      <T>(value: T) =>
      async () => {
        counts.reads++
        return value
      }
    const site = await framework.site((app: App) => {
      app.use(app.smartCache())
      mount(app, counted)
      app.handle(visit => visit.send('hello'))
    })
    return { site, counts }
  }

  it('does not run for who has what was changed last at that time', async () => {
    const { site, counts } = await behind((app, counted) => app.use(app.lastModified(counted(new Date(CHANGED)))))
    const whole = await site.ask()
    expect([whole.status, whole.text, whole.headers['last-modified']]).to.deep.equal([200, 'hello', FIELD])
    for (const method of ['GET', 'HEAD']) {
      const known = await site.ask({ method, headers: { 'If-Modified-Since': FIELD } })
      expect([known.status, known.text, known.headers['last-modified'], known.headers['content-type']]).to.deep.equal([
        304,
        '',
        FIELD,
        undefined,
      ])
    }
    expect([site.runs, counts.reads]).to.deep.equal([1, 3])
    expect((await site.ask({ headers: { 'If-Modified-Since': 'Wed, 01 Jan 2020 09:59:59 GMT' } })).status).to.equal(200)
  })

  it('does not run for who has what goes by this tag', async () => {
    const { site } = await behind((app, counted) => app.use(app.etagOf(counted(['post', 7, { version: 3 }]))))
    const { etag = '' } = (await site.ask()).headers
    expect(etag).to.match(/^W\/"[\w-]{22}"$/)
    for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const reply = await site.ask({ headers: { 'If-None-Match': known } })
      expect([reply.status, reply.headers['etag']]).to.deep.equal([304, etag])
    }
    expect((await site.ask({ headers: { 'If-None-Match': '"other"' } })).status).to.equal(200)
    expect(site.runs).to.equal(2)
  })

  const tags: readonly (readonly [unknown, unknown])[] = [
    [1, '1'],
    [['a', 'b'], ['a,b']],
    [new Date(1), 1],
    [{ version: 1 }, { version: 2 }],
    ['v1', 'v2'],
  ]
  for (const [one, other] of tags) {
    it(`has other tags for ${JSON.stringify(one)} and ${JSON.stringify(other)}`, async () => {
      const replies = await Promise.all(
        [one, one, other].map(async value => (await behind((app, counted) => app.use(app.etagOf(counted(value))))).site.ask()),
      )
      const [first, again, second] = replies.map(({ headers }) => headers['etag'])
      expect(first).to.equal(again).and.not.equal(second)
    })
  }

  for (const etag of ['"v7"', 'W/"v7"', '""']) {
    it(`sends ${etag} as it is`, async () => {
      const { site } = await behind((app, counted) => app.use(app.etagOf(counted(etag))))
      expect((await site.ask()).headers['etag']).to.equal(etag)
      expect((await site.ask({ headers: { 'If-None-Match': etag } })).status).to.equal(304)
    })
  }

  it('goes by the tag before the date', async () => {
    const { site } = await behind((app, counted) => app.use(app.lastModified(counted(Date.parse(CHANGED))), app.etagOf(counted('"v7"'))))
    const asked = async (none: string, since: string) =>
      (await site.ask({ headers: { 'If-None-Match': none, 'If-Modified-Since': since } })).status
    expect(await asked('"v6"', FIELD)).to.equal(200)
    expect(await asked('"v7"', 'Wed, 01 Jan 2020 09:00:00 GMT')).to.equal(304)
  })

  it('runs for who reloads', async () => {
    const { site } = await behind((app, counted) => app.use(app.etagOf(counted('"v7"'))))
    expect((await site.ask({ headers: { 'If-None-Match': '"v7"', 'Cache-Control': 'no-cache' } })).status).to.equal(200)
  })

  it('runs where nothing is known, whatever the visitor has', async () => {
    for (const nothing of [null, undefined]) {
      const { site } = await behind((app, counted) => app.use(app.lastModified(counted(nothing)), app.etagOf(counted(nothing))))
      // What Express makes of its own tag when the handler has answered is another matter.
      await site.ask({ headers: { 'If-None-Match': '*' } })
      await site.ask({ headers: { 'If-Modified-Since': FIELD } })
      expect(site.runs).to.equal(2)
    }
  })

  it('says nothing of the date of what has changed in this second, for it may change again', async () => {
    let at = 0
    const { site } = await behind(app => app.use(app.lastModified(() => at)))
    at = site.clock.now() - (site.clock.now() % 1000)
    expect((await site.ask()).headers['last-modified']).to.equal(undefined)
    site.clock.advance('1s')
    expect((await site.ask()).headers['last-modified']).to.equal(new Date(at).toUTCString())
    at = site.clock.now() + 60_000
    expect((await site.ask()).headers['last-modified']).to.equal(undefined)
  })

  it('runs for other methods, and nothing is asked', async () => {
    const { site, counts } = await behind((app, counted) => app.use(app.etagOf(counted('"v7"'))))
    expect((await site.ask({ method: 'POST', headers: { 'If-None-Match': '"v7"' } })).status).to.equal(200)
    expect(counts.reads).to.equal(0)
  })

  it('does not run if the question fails, and the framework answers', async () => {
    const error = new Error('database')
    const { site } = await behind(app => app.use(app.etagOf(() => Promise.reject(error))))
    expect((await site.ask()).status).to.equal(500)
    const wrong = await behind((app, counted) => app.use(app.lastModified(counted('yesterday' as never))))
    expect((await wrong.site.ask()).status).to.equal(500)
    const model = await behind((app, counted) => app.use(app.etagOf(counted(new URL('http://localhost')))))
    expect((await model.site.ask()).status).to.equal(500)
    expect([site.errors[0], site.runs, wrong.site.runs]).to.deep.equal([error, 0, 0])
    expect(wrong.site.errors[0]).to.be.instanceOf(ConfigError)
    expect(model.site.errors[0]).to.be.instanceOf(KeyError)
  })

  it('can say what validates its answer itself, and leave the work', async () => {
    let works = 0
    const site = await framework.site((app: App) => {
      app.use(app.smartCache())
      app.handle(visit => {
        if (visit.fresh({ etag: [7, 3], lastModified: new Date(CHANGED) })) return
        works++
        visit.send('hello')
      })
    })
    const { etag = '', 'last-modified': modified } = (await site.ask()).headers
    expect(modified).to.equal(FIELD)
    expect((await site.ask({ headers: { 'If-None-Match': etag } })).status).to.equal(304)
    expect((await site.ask({ headers: { 'If-Modified-Since': FIELD } })).status).to.equal(304)
    expect([works, site.runs]).to.deep.equal([1, 3])
  })
})

describePages('Validators and a kept page', framework => {
  const site = (mount: (app: App) => unknown) =>
    framework.site((app: App) => {
      app.use(app.smartCache())
      mount(app)
      app.handle(visit => visit.send('hello'))
    })

  it('are the page’s, asked for on a miss alone, if they are inside it', async () => {
    let reads = 0
    const read = () => `"v${++reads}"`
    const kept = await site(app => app.use(app.cachePage({ ttl: '1h' }), app.etagOf(read)))
    const cold = await kept.ask({ headers: { 'If-None-Match': '"v1"' } })
    expect([cold.status, cold.headers['etag'], kept.runs]).to.deep.equal([304, '"v1"', 1])
    for (const headers of [{ 'If-None-Match': '"v1"' }, {}]) {
      const hit = await kept.ask({ headers })
      expect([hit.outcome, hit.headers['etag']]).to.deep.equal(['hit; ttl=3600', '"v1"'])
    }
    expect([kept.runs, reads]).to.deep.equal([1, 1])
  })

  it('answer before the page is asked for, if they are outside of it', async () => {
    let version = 1
    const kept = await site(app =>
      app.use(
        app.etagOf(() => `"v${version}"`),
        app.cachePage({ ttl: '1h', tags: ['post'] }),
      ),
    )
    const known = (etag: string) => kept.ask({ headers: { 'If-None-Match': etag } })
    expect([(await known('"v1"')).status, kept.runs]).to.deep.equal([304, 0])
    expect((await kept.ask()).headers['etag']).to.equal('"v1"')
    const hit = await kept.ask()
    expect([hit.outcome, hit.headers['etag'], hit.text]).to.deep.equal(['hit; ttl=3600', '"v1"', 'hello'])
    version = 2
    await kept.cache.invalidate('post')
    expect((await known('"v1"')).headers['etag']).to.equal('"v2"')
    expect((await known('"v2"')).status).to.equal(304)
    expect(kept.runs).to.equal(2)
  })

  it('tell whether a stale page still holds, where its origin rules, and the handler does not run', async () => {
    let version = 1
    const kept = await site(app =>
      app.use(
        app.cachePage({ honor: 'origin', ttl: '1m' }),
        app.etagOf(() => `"v${version}"`),
      ),
    )
    await kept.ask()
    kept.clock.advance('2m')
    const again = await kept.ask()
    expect([again.status, again.text, again.outcome]).to.deep.equal([200, 'hello', 'fwd=stale; fwd-status=304; ttl=60'])
    expect(kept.runs).to.equal(1)
    version = 2
    kept.clock.advance('2m')
    expect([(await kept.ask()).headers['etag'], kept.runs]).to.deep.equal(['"v2"', 2])
  })

  it('are asked of a site alone', async () => {
    const lone = await framework.site((app: App) => {
      app.use(app.etagOf(() => '"v7"'))
      app.handle(visit => visit.send('hello'))
    })
    expect((await lone.ask()).status).to.equal(500)
    expect(lone.errors[0]).to.be.instanceOf(ConfigError)
  })
})
