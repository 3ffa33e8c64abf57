import { expect } from 'chai'
import { ConfigError, KeyError } from 'smart-cache'
import type { App } from './framework.js'
import { describePages } from './frameworks.js'

describePages('Mounting', framework => {
  const needing: Readonly<Record<string, (app: App) => void>> = {
    'cachePage()': app => app.use(app.cachePage({ ttl: '1m' })),
    'invalidates()': app => app.use(app.invalidates('posts')),
  }
  for (const [door, mount] of Object.entries(needing)) {
    it(`${door} without smartCache() before it is an error that says so`, async () => {
      const site = await framework.site(app => {
        mount(app)
        app.use(app.smartCache())
        app.handle(visit => visit.send('hello'))
      })
      expect((await site.ask()).status).to.equal(500)
      expect(site.runs).to.equal(0)
      const [error] = site.errors
      expect(error).to.be.instanceOf(ConfigError)
      expect(error).to.have.property('message', `${door} needs \`app.use(smartCache({ cache }))\` before it`)
    })
  }

  const wrong: readonly (readonly [message: string, mount: (app: App) => unknown])[] = [
    ['cachePage() has no option `tll`. Did you mean `ttl`?', app => app.cachePage({ tll: '1m' } as object)],
    ['cachePage() has no option `maxbody`. Did you mean `maxBody`?', app => app.cachePage({ maxbody: '1mb' } as object)],
    ['`vary` has no option `cookie`. Did you mean `cookies`?', app => app.cachePage({ vary: { cookie: ['a'] } as object })],
    ['`pages` has no option `tags_`. Did you mean `tags`?', app => app.smartCache({ pages: { tags_: [] } as object })],
    ['smartCache() has no option `page`. Did you mean `pages`?', app => app.smartCache({ page: {} } as object)],
    ['Expected `serverTiming` to be true or false, got 1', app => app.smartCache({ serverTiming: 1 as unknown as true })],
    ['Expected `cache` to be made by createCache(), got an object', app => app.smartCache({ cache: {} } as object)],
    ['Expected `ttl` to be a duration', app => app.cachePage({ ttl: '5 minutes' as '5m' })],
    ['Expected `grace` to be a duration', app => app.cachePage({ grace: -1 })],
    ['Expected `waitTimeout` to be a duration', app => app.cachePage({ waitTimeout: 'long' as '1s' })],
    ['Expected `maxVariants` to be a whole number from 1, got 0', app => app.cachePage({ maxVariants: 0 })],
    ['`maxBody`', app => app.cachePage({ maxBody: '1 MB' as '1mb' })],
    ['Expected `unless` to be a function, got true', app => app.cachePage({ unless: true as unknown as () => boolean })],
    ['Expected `vary.user` to be a function, got "id"', app => app.cachePage({ vary: { user: 'id' as unknown as () => string } })],
    ['Expected `vary.value` to be a function', app => app.cachePage({ vary: { value: 1 as unknown as () => string } })],
    ['Expected `vary.query` to be an array of names', app => app.cachePage({ vary: { query: 'page' as unknown as string[] } })],
    ['Expected `vary.headers` to be an array of names', app => app.cachePage({ vary: { headers: [''] } })],
    ['Expected `vary.cookies` to be an array of names', app => app.cachePage({ vary: { cookies: [1] as unknown as string[] } })],
    ['`vary.headers` cannot hold "*"', app => app.cachePage({ vary: { headers: ['Accept', '*'] } })],
    ['Expected `statuses` to hold statuses from 200 to 599', app => app.cachePage({ statuses: [100] })],
    ['Expected `statuses` to hold statuses from 200 to 599', app => app.cachePage({ statuses: [200, 206] })],
    ['Expected `statuses` to hold statuses from 200 to 599', app => app.cachePage({ statuses: { 304: '1m' } })],
    ['Expected `statuses.404` to be a duration', app => app.cachePage({ statuses: { 404: 'short' as '1s' } })],
    ['Expected `statuses` to be an array of statuses', app => app.cachePage({ statuses: 200 as unknown as number[] })],
    ['Expected the options of cachePage() to be an object', app => app.cachePage('1m' as unknown as object)],
    ['cacheControl() has no option `maxage`. Did you mean `maxAge`?', app => app.cacheControl({ maxage: '1m' } as object)],
    ['cacheControl() cannot be both `public` and `private`', app => app.cacheControl({ public: true, private: true })],
    ['cacheControl() needs at least one option', app => app.cacheControl({})],
    ['Expected the names of request headers, got "Accept Language"', app => app.varyOnHeaders('Accept Language')],
    ['Expected the names of request headers, got none', app => app.varyOnHeaders()],
  ]
  for (const [message, mount] of wrong) {
    it(`is refused at start with: ${message}`, async () => {
      await framework.site(app => {
        expect(() => mount(app)).to.throw(ConfigError, message)
      })
    })
  }

  it('is refused at start for a tag that cannot be', async () => {
    await framework.site(app => {
      expect(() => app.cachePage({ tags: ['~own'] })).to.throw(KeyError)
    })
  })

  it('cachePage() around a handler keeps its page as before it', async () => {
    const site = await framework.site(app => {
      app.use(
        app.smartCache(),
        app.cachePage({ ttl: '1m' }, visit => visit.send('hello')),
      )
    })
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    expect(site.runs).to.equal(1)
  })

  it('of what was given afterwards changed keeps what it was', async () => {
    const policy = { ttl: '1m' as const, tags: ['a'], vary: { headers: ['X-A'] } }
    const site = await framework.page(policy, visit => visit.send('hello'))
    policy.tags.push('b')
    policy.vary.headers.push('X-B')
    await site.ask({ headers: { 'X-B': '1' } })
    await site.cache.invalidate('b')
    expect((await site.ask({ headers: { 'X-B': '2' } })).outcome).to.equal('hit; ttl=60')
  })

  it('unless() keeps requests from the cache', async () => {
    const site = await framework.page({ ttl: '1m', unless: ({ headers }) => headers['x-preview'] === '1' }, visit => visit.send('hello'))
    await site.ask()
    for (const run of [2, 3]) {
      expect((await site.ask({ headers: { 'X-Preview': '1' } })).outcome).to.equal('fwd=bypass; detail=unless')
      expect(site.runs).to.equal(run)
    }
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('twice with the same cache shares its pages', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.route('get', '/a', app.smartCache(), app.cachePage({ ttl: '1m' }), visit => visit.send('hello'))
    })
    await site.ask('/a')
    expect((await site.ask('/a')).outcome).to.equal('hit; ttl=60')
  })
})
