import { expect } from 'chai'
import { describePages } from './frameworks.js'

describePages('A site whose cache has been closed', framework => {
  it('passes its pages on as if there were none', async () => {
    const site = await framework.page({ ttl: '1h', grace: '1h' }, visit => visit.set('X-Own', 'yes').send('hello'))
    await site.ask()
    await site.cache.close()
    for (const run of [2, 3]) {
      const reply = await site.ask()
      expect([reply.text, reply.headers['x-own'], reply.outcome]).to.deep.equal(['hello', 'yes', 'fwd=bypass; detail=closed'])
      expect(site.runs).to.equal(run)
    }
  })

  it('ends what it is sending', async () => {
    const site = await framework.site((app, { cache }) => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1h' }))
      app.handle(async visit => {
        visit.raw().write('hel')
        await cache.close()
        visit.response.end('lo')
      })
    })
    expect((await site.ask()).text).to.equal('hello')
    expect((await site.ask()).outcome).to.equal('fwd=bypass; detail=closed')
  })
})
