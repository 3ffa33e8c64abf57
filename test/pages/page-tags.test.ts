import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { describeHits } from './frameworks.js'

describeHits('The tags of a page', framework => {
  it('are made of the request by a function', async () => {
    const site = await framework.page({ ttl: '1m', tags: ({ path }) => [`page:${path}`] }, visit => visit.send('hello'))
    for (const path of ['/a', '/b']) await site.ask(path)
    await site.cache.invalidate('page:/a')
    expect((await site.ask('/a')).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask('/b')).outcome).to.equal('hit; ttl=60')
  })

  it('include those of what was read through the cache meanwhile, and the shortest life', async () => {
    const site = await framework.site((app, { cache }) => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1h', tags: ['page'] }))
      app.handle(async visit => {
        const name = await cache.getOrSet('name', () => cache.getOrSet('inner', () => 'Ann', { ttl: '2h', tags: ['inner'] }), {
          ttl: '10m',
          tags: ['user:1'],
        })
        visit.send(`hello ${name}`)
      })
    })
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=600')
    for (const tag of ['user:1', 'inner', 'page']) {
      await site.ask()
      await site.cache.invalidate(tag)
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    }
  })

  it('include those of what was already kept when the page was made', async () => {
    const site = await framework.site((app, { cache }) => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1h' }))
      app.handle(async visit => visit.send(String(await cache.get('greeting'))))
    })
    await site.cache.set('greeting', 'hello', { ttl: '1m', tags: ['greetings'] })
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    await site.cache.invalidate('greetings')
    expect((await site.ask()).text).to.equal('undefined')
  })

  it('do not include those of what another request reads meanwhile', async () => {
    const site = await framework.site((app, { cache }) => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1h' }))
      app.handle(async visit => {
        const { path } = visit.asked
        await cache.getOrSet(`value of ${path}`, () => 'x', { ttl: '1h', tags: [`tag of ${path}`] })
        visit.send('hello')
      })
    })
    await Promise.all([site.ask('/a'), site.ask('/b')])
    await site.cache.invalidate('tag of /a')
    expect((await site.ask('/a')).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask('/b')).outcome).to.equal('hit; ttl=3600')
  })

  it('include those of what was read in a load of another cache, whose own they do not include', async () => {
    const other = createCache()
    const site = await framework.site((app, { cache }) => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1h' }))
      app.handle(async visit => {
        const load = () => cache.getOrSet('name', () => 'Ann', { ttl: '1h', tags: ['user:1'] })
        visit.send(await other.getOrSet('greeting', load, { ttl: '1s', tags: ['greetings'] }))
      })
    })
    await site.ask()
    expect(site.heard('fill').at(-1)?.tags).to.include('user:1').and.to.not.include('greetings')
    expect((await site.ask()).outcome).to.equal('hit; ttl=3600')
    await site.cache.invalidate('user:1')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    await other.close()
  })
})
