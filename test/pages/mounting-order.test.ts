import { expect } from 'chai'
import { describePages } from './frameworks.js'

describePages('Middleware that refuses some visitors', framework => {
  const refusing = (mounted: 'before' | 'after') =>
    framework.site(app => {
      const guard = app.step(({ request }) => {
        if (request.headers['x-key'] !== 'right') throw Object.assign(new Error('forbidden'), { status: 403 })
      })
      if (mounted === 'before') app.use(guard)
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
      if (mounted === 'after') app.use(guard)
      app.handle(visit => visit.send('for members'))
    })

  it('refuses them on hits as well, when it is mounted before the cache', async () => {
    const site = await refusing('before')
    const headers = { 'X-Key': 'right' }
    expect((await site.ask({ headers })).text).to.equal('for members')
    expect((await site.ask({ headers })).outcome).to.equal('hit; ttl=60')
    expect((await site.ask()).status).to.equal(403)
    expect((await site.ask({ headers })).outcome).to.equal('hit; ttl=60')
  })

  it('is not asked on hits when it is mounted after the cache; and its refusals are not kept', async () => {
    const site = await refusing('after')
    expect((await site.ask()).status).to.equal(403)
    expect((await site.ask({ headers: { 'X-Key': 'right' } })).text).to.equal('for members')
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })
})
