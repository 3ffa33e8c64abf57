import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { inFront, type FrontOptions } from 'smart-cache/node'
import type { App, Framework, SiteSettings } from '../pages/framework.js'
import { describeFronts, describePages } from '../pages/frameworks.js'
import { Site } from '../pages/site.js'

/** A site that counts who gets as far as its first middleware. */
async function counted(framework: Framework, build: (app: App, site: Site) => void, settings?: SiteSettings) {
  const inside = { requests: 0 }
  const site = await framework.site((app, built) => {
    app.use(app.step(() => void inside.requests++))
    build(app, built)
  }, settings)
  return { site, inside }
}

describeFronts('The front', framework => {
  it('answers hits before the framework’s first middleware', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.smartCache())
      app.route('get', '/page', app.cachePage({ ttl: '1m' }), visit => visit.send('hello'))
    })
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60', 'hit; ttl=60']) {
      const reply = await site.ask('/page')
      expect([reply.outcome, reply.text]).to.deep.equal([outcome, 'hello'])
    }
    expect([inside.requests, site.runs, site.heard('hit').length]).to.deep.equal([1, 1, 2])
  })

  it('does so under the policy of a whole site', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.handle(visit => visit.send(visit.request.url ?? ''))
    })
    for (const path of ['/a', '/a', '/b', '/b']) expect((await site.ask(path)).text).to.equal(path)
    expect(inside.requests).to.equal(2)
  })

  it('leaves to the application what no policy has declared fit, though another policy for the same kind of page has', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.smartCache())
      app.route('get', '/fit', app.cachePage({ ttl: '1m' }), visit => visit.send('fit'))
      app.route('get', '/inside', app.cachePage({ ttl: '1m', front: false }), visit => visit.send('inside'))
    })
    for (const path of ['/fit', '/inside', '/fit', '/inside', '/inside']) await site.ask(path)
    expect([inside.requests, site.runs]).to.deep.equal([4, 2])
    expect((await site.ask('/inside')).outcome).to.equal('hit; ttl=60')
  })

  it('leaves to a route’s own policy what the site’s would serve', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.route('get', '/own', app.cachePage({ ttl: '1m', front: false }), visit => visit.send('own'))
    })
    for (let asked = 0; asked < 3; asked++) await site.ask('/own')
    expect([inside.requests, site.runs]).to.deep.equal([3, 1])
  })

  it('finds the variants of several policies', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.smartCache())
      const show = app.step(visit => void visit.set('X-Seen', 'yes'))
      app.route('get', '/query', app.cachePage({ ttl: '1m', vary: { query: ['a'] } }), show, visit => visit.send('by query'))
      app.route('get', '/cookie', app.cachePage({ ttl: '1m', vary: { cookies: ['kind'] } }), visit =>
        visit.send(visit.asked.headers.cookie ?? ''),
      )
    })
    for (const path of ['/query?a=1', '/query?a=1&b=2']) expect((await site.ask(path)).text).to.equal('by query')
    for (const kind of ['x', 'y', 'x', 'y']) {
      expect((await site.ask({ path: '/cookie', headers: { Cookie: `kind=${kind}` } })).text).to.equal(`kind=${kind}`)
    }
    expect(inside.requests).to.equal(3)
  })

  it('takes no part in what is stale: the application serves that, and refreshes it', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1m', grace: '1h' }))
      app.handle(visit => visit.send(`run ${site.runs}`))
    })
    await site.ask()
    site.clock.advance('2m')
    expect((await site.ask()).outcome).to.equal('hit; ttl=-60; detail=stale')
    await site.eventually(() => site.heard('fill').length === 2)
    const seen = inside.requests
    expect((await site.ask()).text).to.equal('run 2')
    expect(inside.requests).to.equal(seen)
  })

  it('serves nothing that was purged', async () => {
    const { site } = await counted(framework, app => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1m', tags: ['a'] }))
      app.handle(visit => visit.send(`run ${site.runs}`))
    })
    for (const text of ['run 1', 'run 1']) expect((await site.ask()).text).to.equal(text)
    await site.cache.invalidate('a')
    expect((await site.ask()).text).to.equal('run 2')
  })
})

describeFronts('A request that is changed on its way to the policy', framework => {
  it('is never answered by the front, nor is what was made for it: a header that middleware sets is no visitor’s to send', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(
        app.step(({ request }) => {
          const { cookie } = request.headers
          if (cookie !== undefined) request.headers['x-tenant'] = cookie
        }),
      )
      app.use(app.smartCache(), app.cachePage({ ttl: '1m', vary: { headers: ['X-Tenant'] } }))
      app.handle(visit => visit.send(`for ${String(visit.request.headers['x-tenant'] ?? 'nobody')}`))
    })
    for (const name of ['ann', 'ann', 'bob']) {
      expect((await site.ask({ headers: { Cookie: name } })).text).to.equal(`for ${name}`)
    }
    // Ann says herself what middleware says of her; from then on nobody else may.
    expect((await site.ask({ headers: { Cookie: 'ann', 'X-Tenant': 'ann' } })).text).to.equal('for ann')
    expect((await site.ask({ headers: { Cookie: 'bob', 'X-Tenant': 'ann' } })).text).to.equal('for bob')
    expect([inside.requests, site.runs]).to.deep.equal([5, 2])
  })

  it('is answered inside when the header is one that only responses name', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.step(({ request }) => void (request.headers['x-tenant'] = request.headers.cookie ?? 'nobody')))
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
      app.handle(visit => visit.set('Vary', 'X-Tenant').send(`for ${String(visit.request.headers['x-tenant'])}`))
    })
    for (const name of ['ann', 'bob', 'ann', 'bob']) {
      expect((await site.ask({ headers: { Cookie: name, 'X-Tenant': 'ann' } })).text).to.equal(`for ${name}`)
    }
    expect([inside.requests, site.runs]).to.deep.equal([4, 2])
  })

  it('is answered inside when a header was taken from it', async () => {
    const { site, inside } = await counted(framework, app => {
      app.use(app.step(({ request }) => void delete request.headers['accept-language']))
      app.use(app.smartCache(), app.cachePage({ ttl: '1m', vary: { headers: ['Accept-Language'] } }))
      app.handle(visit => visit.send(visit.request.headers['accept-language'] ?? 'none'))
    })
    for (let asked = 0; asked < 3; asked++) {
      expect((await site.ask({ headers: { 'Accept-Language': 'de' } })).text).to.equal('none')
    }
    expect([inside.requests, site.runs]).to.deep.equal([3, 1])
  })
})

describeFronts('The origin of a request', framework => {
  const FORWARDED = { 'X-Forwarded-Host': 'shop.example', 'X-Forwarded-Proto': 'https' }
  for (const proxy of [true, false]) {
    it(`is in front what it is inside, where proxies are ${proxy ? 'trusted' : 'not trusted'}`, async () => {
      const { site, inside } = await counted(
        framework,
        app => {
          app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
          app.handle(visit => visit.send(`run ${site.runs}`))
        },
        { proxy },
      )
      const ask = async (headers = {}) => (await site.ask({ headers: { Host: 'own.example', ...headers } })).text
      expect([await ask(), await ask(FORWARDED), await ask(), await ask(FORWARDED)]).to.deep.equal(['run 1', 'run 2', 'run 1', 'run 2'])
      expect(inside.requests).to.equal(2)
      const keys = site.heard('fill').map(({ key }) => key)
      expect(keys[1]?.includes(' https://shop.example/')).to.equal(proxy)
    })
  }
})

describePages('A front around an application', framework => {
  async function guarded(options: FrontOptions, cacheOfFront?: ReturnType<typeof createCache>) {
    const inside = { requests: 0 }
    const site = new Site()
    const app = framework.app(site)
    app.use(app.step(() => void inside.requests++))
    app.use(app.smartCache(), app.cachePage({ ttl: '1m', front: true }))
    app.handle(visit => visit.send('hello'))
    const listener = app.listener()
    await site.listen(inFront(cacheOfFront ?? site.cache, (request, response) => listener(request, response), options))
    return { site, inside }
  }

  it('of any kind will do', async () => {
    const { site, inside } = await guarded({})
    for (let asked = 0; asked < 3; asked++) expect((await site.ask()).text).to.equal('hello')
    expect(inside.requests).to.equal(1)
  })

  it('asks its guard before each hit', async () => {
    const { site, inside } = await guarded({ guard: ({ headers }) => headers.cookie === undefined })
    for (const headers of [{}, {}, { Cookie: 'a=1' }]) expect((await site.ask({ headers })).text).to.equal('hello')
    expect([inside.requests, site.runs]).to.deep.equal([2, 1])
  })

  it('takes a promise of its guard’s for no', async () => {
    const { site, inside } = await guarded({ guard: (async () => true) as unknown as () => boolean })
    for (let asked = 0; asked < 3; asked++) await site.ask()
    expect([inside.requests, site.runs]).to.deep.equal([3, 1])
  })

  it('announces that its guard failed, and lets the application decide', async () => {
    const failure = new Error('no session store')
    const { site, inside } = await guarded({
      guard: () => {
        throw failure
      },
    })
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).text).to.equal('hello')
    expect(inside.requests).to.equal(2)
    expect(site.heard('error').map(({ operation, error }) => [operation, error])).to.deep.equal([['front', failure]])
  })

  it('serves nothing of another cache', async () => {
    const { site, inside } = await guarded({}, createCache())
    for (let asked = 0; asked < 3; asked++) expect((await site.ask()).text).to.equal('hello')
    expect([inside.requests, site.runs]).to.deep.equal([3, 1])
  })

  it('serves nothing of another namespace', async () => {
    const other = createCache()
    const { site, inside } = await guarded({}, other.namespace('other'))
    for (let asked = 0; asked < 3; asked++) await site.ask()
    expect([inside.requests, site.runs]).to.deep.equal([3, 1])
  })

  const refused: readonly (readonly [what: string, build: (app: App) => unknown, message: string])[] = [
    ['vary.user', app => app.cachePage({ front: true, vary: { user: () => 1 } }), 'Pages with `vary.user` cannot be served in front'],
    ['vary.value', app => app.cachePage({ front: true, vary: { value: () => 1 } }), 'Pages with `vary.value` cannot be served in front'],
    ['unless', app => app.smartCache({ pages: { front: true, unless: () => false } }), 'Pages with `unless` cannot be served in front'],
    ['what is no yes or no', app => app.cachePage({ front: 1 as unknown as boolean }), 'Expected `front` to be true or false, got 1'],
  ]
  for (const [what, build, message] of refused) {
    it(`is refused with ${what}`, () => {
      expect(() => build(framework.app(new Site()))).to.throw(message)
    })
  }
})

describe('inFront()', () => {
  const listener = () => undefined
  it('checks what it is given', () => {
    expect(() => inFront({} as never, listener)).to.throw('Expected `cache` to be made by createCache()')
    expect(() => inFront(createCache(), listener, { gard: () => true } as never)).to.throw('Did you mean `guard`?')
    expect(() => inFront(createCache(), listener, { guard: true } as never)).to.throw('Expected `guard` to be a function, got true')
  })
})
