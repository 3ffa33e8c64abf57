import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import { describeHits } from './frameworks.js'

describeHits('Cache-Status', framework => {
  it('names a miss, a hit with what is left of its ttl, and what is stale', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => visit.send('hello'))
    expect((await site.ask()).headers['cache-status']).to.equal('smart-cache; fwd=uri-miss; stored')
    expect((await site.ask()).headers['cache-status']).to.equal('smart-cache; hit; ttl=60')
    site.clock.advance('1s')
    expect((await site.ask()).headers['cache-status']).to.equal('smart-cache; hit; ttl=59')
    site.clock.advance('60s')
    expect((await site.ask()).headers['cache-status']).to.equal('smart-cache; hit; ttl=-1; detail=stale')
  })

  it('says stored of what is being kept, and of nothing else', async () => {
    const site = await framework.page({ ttl: '1m', vary: { headers: ['X-Kind'] } }, visit => {
      if (visit.asked.get('x-kind') === 'own') visit.set('Set-Cookie', 'a=1')
      visit.send('hello')
    })
    const status = async (headers = {}) => (await site.ask({ headers })).headers['cache-status']
    expect(await status()).to.equal('smart-cache; fwd=uri-miss; stored')
    expect(await status({ 'X-Kind': 'own' })).to.equal('smart-cache; fwd=uri-miss; detail=set-cookie')
    expect(await status()).to.equal('smart-cache; hit; ttl=60')
  })

  it('names no ttl of what is fresh for ever', async () => {
    const site = await framework.page({ ttl: 'forever' }, visit => visit.send('hello'))
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit')
  })

  it('names those who were served with another’s answer', async () => {
    const handler = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      await handler
      visit.send('hello')
    })
    const asked = [site.ask(), site.ask(), site.ask()]
    await site.arrivals(3)
    handler.open()
    const outcomes = (await Promise.all(asked)).map(({ outcome }) => outcome)
    expect(outcomes.toSorted()).to.deep.equal(['fwd=uri-miss', 'fwd=uri-miss; collapsed; ttl=60', 'fwd=uri-miss; collapsed; ttl=60'])
  })

  it('names the reason why the cache was not asked', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.route('get', '/kept', app.cachePage({ ttl: '1m', unless: ({ headers }) => headers['x-not'] !== undefined }), visit =>
        visit.send('hello'),
      )
      app.handle(visit => visit.send('hello'))
    })
    const outcome = async (path: string, method = 'GET', headers = {}) => (await site.ask({ path, method, headers })).outcome
    expect(await outcome('/other')).to.equal('fwd=bypass; detail=no-policy')
    expect(await outcome('/other', 'POST')).to.equal('fwd=method')
    expect(await outcome('/other', 'OPTIONS')).to.equal('fwd=bypass; detail=no-policy')
    expect(await outcome('/kept', 'GET', { 'X-Not': '1' })).to.equal('fwd=bypass; detail=unless')
    expect(await outcome('/kept', 'GET', { Authorization: 'x' })).to.equal('fwd=bypass; detail=authorization')
    expect(await outcome('/kept', 'GET', { 'X-HTTP-Method-Override': 'PUT' })).to.equal('fwd=bypass; detail=method-override')
  })

  it('is the cache’s own, whatever the handler says', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Cache-Status', 'other; hit').send('hello'))
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('is on a page of an error as well', async () => {
    const site = await framework.page({ ttl: '1m' }, () => {
      throw new Error('broken')
    })
    expect((await site.ask()).outcome).to.match(/^fwd=uri-miss; detail=(status|error)$/)
  })
})
