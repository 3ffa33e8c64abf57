import { expect } from 'chai'
import { KeyError } from 'smart-cache'
import { describeHits } from './frameworks.js'

describeHits('A handler', framework => {
  it('tags its page', async () => {
    const site = await framework.page({ ttl: '1m', tags: ['posts'] }, visit => {
      visit.cache.tag('post:7', 'author:1')
      visit.cache.tag('post:7')
      visit.send('hello')
    })
    await site.ask()
    const [fill] = site.heard('fill')
    expect(fill?.tags).to.include.members(['posts', 'post:7', 'author:1'])
    for (const tag of ['posts', 'post:7', 'author:1']) {
      await site.ask()
      await site.cache.invalidate(tag)
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    }
    await site.cache.invalidate('post:8')
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('tags its page also after the head has left', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const response = visit.raw()
      response.write('hel')
      visit.cache.tag('late')
      response.end('lo')
    })
    await site.ask()
    await site.cache.invalidate('late')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })

  it('shortens the life of its page, and the shortest wins', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      visit.cache.ttl('10s')
      visit.cache.ttl('30s')
      visit.send('hello')
    })
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=10')
    site.clock.advance('10s')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })

  it('does not lengthen the life of its page', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      visit.cache.ttl('1h')
      visit.send('hello')
    })
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('that says never has its page kept by nobody, whatever it says later', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      visit.cache.never()
      visit.cache.ttl('1h')
      visit.cache.tag('posts')
      visit.send('hello')
    })
    for (const run of [1, 2]) {
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss; detail=never')
      expect(site.runs).to.equal(run)
    }
  })

  it('may say never as late as in the middle of the body', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      const response = visit.raw()
      response.write('hel')
      visit.cache.never()
      response.end('lo')
    })
    for (const run of [1, 2]) {
      expect((await site.ask()).text).to.equal('hello')
      expect(site.runs).to.equal(run)
    }
  })

  it('is told of a tag or a ttl that cannot be', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      for (const wrong of ['', '~own']) expect(() => visit.cache.tag(wrong)).to.throw(KeyError)
      expect(() => visit.cache.ttl('soon' as '1m')).to.throw('Expected `ttl` to be a duration')
      visit.send('hello')
    })
    expect((await site.ask()).text).to.equal('hello')
    expect((await site.ask()).outcome).to.equal('hit; ttl=3600')
  })

  it('may speak also where nothing is kept', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.handle(visit => {
        visit.cache.tag('posts')
        visit.cache.ttl('1m')
        visit.cache.never()
        visit.send('hello')
      })
    })
    expect((await site.ask()).text).to.equal('hello')
    expect((await site.ask({ method: 'POST' })).text).to.equal('hello')
  })

  it('has the cache itself at hand', async () => {
    const site = await framework.site((app, { cache }) => {
      app.use(app.smartCache())
      app.handle(visit => visit.send(visit.cache.cache === cache ? 'the same' : 'another'))
    })
    expect((await site.ask()).text).to.equal('the same')
  })
})
