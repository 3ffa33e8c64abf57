import { expect } from 'chai'
import { describePages } from './frameworks.js'

const MODIFIED = 'Wed, 01 Jan 2025 00:00:00 GMT'

describePages('What a visitor asks for less than the page with', framework => {
  const CONDITIONS = { 'If-None-Match': '"x"', 'If-Modified-Since': MODIFIED, 'If-Range': '"x"', Range: 'bytes=0-1' }
  const SEEN = ['if-none-match', 'if-modified-since', 'if-range', 'range']

  it('is hidden from the handler', async () => {
    const seen: unknown[] = []
    const site = await framework.page({ ttl: '1m' }, visit => {
      seen.push(...SEEN.map(name => visit.request.headers[name]), ...SEEN.map(name => visit.asked.get(name) || undefined))
      visit.send('hello')
    })
    await site.ask({ headers: CONDITIONS })
    expect(seen).to.deep.equal(Array(8).fill(undefined))
  })

  it('is shown to a handler for which the cache is not asked', async () => {
    const seen: unknown[] = []
    const site = await framework.page({ ttl: '1m', unless: () => true }, visit => {
      seen.push(...SEEN.map(name => visit.request.headers[name]))
      visit.send('hello')
    })
    await site.ask({ headers: CONDITIONS })
    expect(seen).to.deep.equal(['"x"', MODIFIED, '"x"', 'bytes=0-1'])
  })

  for (const event of ['finish', 'close']) {
    it(`is back, and the method with it, for who logs on '${event}'`, async () => {
      const seen: unknown[] = []
      const site = await framework.site(app => {
        app.use(
          app.step(({ request, response }) =>
            response.once(event, () => seen.push(request.method, ...SEEN.map(name => request.headers[name]))),
          ),
          app.smartCache(),
          app.cachePage({ ttl: '1m' }),
        )
        app.handle(visit => visit.send('hello'))
      })
      for (const method of ['HEAD', 'GET']) {
        seen.length = 0
        await site.ask({ method, headers: CONDITIONS })
        await site.eventually(() => seen.length > 0)
        expect(seen).to.deep.equal([method, '"x"', MODIFIED, '"x"', 'bytes=0-1'])
      }
    })
  }

  it('is back after the visitor has gone', async () => {
    const seen: unknown[] = []
    const site = await framework.site(app => {
      app.use(
        app.step(({ request, response }) => response.once('close', () => seen.push(request.method, request.headers.range))),
        app.smartCache(),
        app.cachePage({ ttl: '1m' }),
      )
      app.handle(({ response }) => void response.destroy())
    })
    await site.ask({ method: 'HEAD', headers: { Range: 'bytes=0-1' } }).catch(() => undefined)
    await site.eventually(() => seen.length > 0)
    expect(seen).to.deep.equal(['HEAD', 'bytes=0-1'])
  })

  it('leaves no handler a way to answer 206 to all', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const { range } = visit.request.headers
      if (range !== undefined) visit.status(206).set('Content-Range', 'bytes 0-1/5').send('he')
      else visit.send('hello')
    })
    expect((await site.ask({ headers: { Range: 'bytes=0-2' } })).text).to.equal('hel')
    expect((await site.ask()).text).to.equal('hello')
  })
})
