import { expect } from 'chai'
import type { CacheControlOptions } from '../../lib/responses/header-fields.js'
import type { App, Mount, Policy } from './framework.js'
import { describePages } from './frameworks.js'

describePages('What others are told', framework => {
  const before = (mount: (app: App) => Mount, policy: Policy = { ttl: '1m' }) =>
    framework.site(app => {
      app.use(app.smartCache(), mount(app), app.cachePage(policy))
      app.handle(visit => visit.send('hello'))
    })
  const after = (mount: (app: App) => Mount, policy: Policy = { ttl: '1m' }) =>
    framework.site(app => {
      app.use(app.smartCache(), app.cachePage(policy), mount(app))
      app.handle(visit => visit.send('hello'))
    })

  const fields: readonly (readonly [options: CacheControlOptions, field: string])[] = [
    [{ public: true, maxAge: '5m' }, 'public, max-age=300'],
    [{ public: true, maxAge: '7d', immutable: true }, 'public, immutable, max-age=604800'],
    [{ maxAge: 1999 }, 'max-age=1'],
    [{ maxAge: 'forever' }, 'max-age=2147483648'],
    [{ sMaxAge: '1h', maxAge: '1m' }, 'max-age=60, s-maxage=3600'],
    [{ maxAge: '1m', staleWhileRevalidate: '1h', staleIfError: '1d' }, 'max-age=60, stale-while-revalidate=3600, stale-if-error=86400'],
    [{ mustRevalidate: true, proxyRevalidate: true, noTransform: true }, 'must-revalidate, proxy-revalidate, no-transform'],
    [{ public: true, private: false }, 'public'],
    [{ private: true }, 'private'],
    [{ noStore: true }, 'no-store'],
    [{ noCache: true }, 'no-cache'],
    [{ maxAge: 0 }, 'max-age=0'],
  ]
  const forbidden = ['private', 'no-store', 'no-cache', 'max-age=0']
  for (const [place, mounted] of Object.entries({ before, after })) {
    for (const [options, field] of fields) {
      const kept = !forbidden.includes(field)
      it(`by cacheControl() mounted ${place} cachePage() is "${field}", and the page is ${kept ? '' : 'not '}kept`, async () => {
        const site = await mounted(app => app.cacheControl(options), { ttl: '1s' })
        for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['cache-control']).to.equal(field)
        expect(site.runs).to.equal(kept ? 1 : 2)
      })
    }

    it(`by neverCache() mounted ${place} cachePage() is that nobody keeps it, and here nobody does`, async () => {
      const site = await mounted(app => app.neverCache())
      for (const run of [1, 2]) {
        const reply = await site.ask()
        expect(reply.headers['cache-control']).to.equal('no-store')
        expect(reply.outcome).to.equal('fwd=uri-miss; detail=no-store')
        expect(site.runs).to.equal(run)
      }
    })

    it(`by varyOnHeaders() mounted ${place} cachePage() makes a page for each of their values`, async () => {
      const site = await mounted(app => app.varyOnHeaders('Accept-Language', 'X-Device'))
      const ask = (headers: Record<string, string>) => site.ask({ headers })
      for (let asked = 0; asked < 2; asked++) {
        for (const headers of [{}, { 'Accept-Language': 'de' }, { 'Accept-Language': 'de', 'X-Device': 'phone' }]) {
          expect((await ask(headers)).headers['vary']?.toLowerCase()).to.equal('accept-language, x-device')
        }
      }
      expect(site.runs).to.equal(3)
    })

    it(`by varyOnHeaders('*') mounted ${place} cachePage() keeps it from being kept`, async () => {
      const site = await mounted(app => app.varyOnHeaders('*'))
      for (let asked = 0; asked < 2; asked++) expect((await site.ask()).outcome).to.equal('fwd=uri-miss; detail=vary')
    })

    it(`by varyOnCookie() mounted ${place} cachePage() makes a page for each Cookie header`, async () => {
      const site = await mounted(app => app.varyOnCookie())
      for (let asked = 0; asked < 2; asked++) {
        for (const headers of [{ Cookie: 'a=1' }, { Cookie: 'a=2' }, {}]) {
          expect((await site.ask({ headers })).headers['vary']?.toLowerCase()).to.equal('cookie')
        }
      }
      expect(site.runs).to.equal(3)
    })
  }

  it('stands without a cache as well', async () => {
    const site = await framework.site(app => {
      app.use(app.cacheControl({ public: true, maxAge: '1m' }), app.varyOnHeaders('Accept'), app.varyOnCookie())
      app.handle(visit => visit.send('hello'))
    })
    const { headers } = await site.ask()
    expect([headers['cache-control'], headers['vary']]).to.deep.equal(['public, max-age=60', 'Accept, Cookie'])
  })

  it('adds to the Vary that is there', async () => {
    const site = await framework.site(app => {
      app.use(
        app.step(visit => visit.set('Vary', 'Origin, accept')),
        app.varyOnHeaders('Accept', 'Accept-Language'),
      )
      app.handle(visit => visit.send('hello'))
    })
    expect((await site.ask()).headers['vary']).to.equal('Origin, accept, Accept-Language')
  })
})
