import { expect } from 'chai'
import type { Cache, CacheEvents } from 'smart-cache'
import { describeHits } from './frameworks.js'
import type { Visit } from './framework.js'

const NAMES = ['miss', 'fill', 'refuse', 'stale', 'hits', 'bypass', 'collapsed', 'fail'] as const

describeHits('What is announced of pages', framework => {
  it('bears their route', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.route('get', '/posts/:id', app.cachePage({ ttl: '1m', grace: '1m' }), (visit: Visit) => visit.send('post'))
    })
    const heard = listening(site.cache)
    for (const id of [1, 2, 2]) await site.ask(`/posts/${id}`)
    site.clock.advance('90s')
    await site.ask('/posts/2')
    await site.eventually(() => heard['fill /posts/:id'] === 3)
    site.clock.advance('1s')
    expect(heard).to.deep.equal({
      'miss /posts/:id': 2,
      'fill /posts/:id': 3,
      'hits /posts/:id': 1,
      'stale /posts/:id': 1,
    })
  })

  it('bears the route also where the policy is that of the whole site, once it is known', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.route('get', '/posts/:id', (visit: Visit) => visit.send('post'))
    })
    const heard = listening(site.cache)
    for (const id of [1, 1]) await site.ask(`/posts/${id}`)
    site.clock.advance('1s')
    expect(heard).to.deep.equal({ 'miss /posts/*': 1, 'fill /posts/:id': 1, 'hits /posts/:id': 1 })
  })

  it('says why the cache was not asked, and why a page was not kept', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.route('get', '/posts/:id', app.cachePage({ ttl: '1m' }), (visit: Visit) => visit.set('Set-Cookie', 'a=b').send('post'))
    })
    const reasons: string[] = []
    for (const name of ['bypass', 'refuse'] as const)
      site.cache.on(name, ({ name: route, kind, reason }) => reasons.push(`${name} ${kind} ${route} ${reason}`))
    await site.ask({ path: '/posts/1', headers: { Authorization: 'Bearer secret' } })
    await site.ask('/posts/1')
    expect(reasons).to.deep.equal(['bypass page /posts/:id authorization', 'refuse page /posts/:id set-cookie'])
  })
})

function listening(cache: Cache): Record<string, number> {
  const heard: Record<string, number> = {}
  const note = (name: string, { name: route }: { readonly name: string }, count = 1) => {
    heard[`${name} ${route}`] = (heard[`${name} ${route}`] ?? 0) + count
  }
  for (const name of NAMES) cache.on(name, (event: CacheEvents[typeof name]) => note(name, event, 'count' in event ? event.count : 1))
  return heard
}
