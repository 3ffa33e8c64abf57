import { expect } from 'chai'
import { describeHits } from './frameworks.js'

describeHits('Server-Timing', framework => {
  it('is not sent unless it was asked for', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['server-timing']).to.equal(undefined)
  })

  it('tells the outcome, the age, and how long the page took to make', async () => {
    const site = await framework.site((app, { clock }) => {
      app.use(app.smartCache({ serverTiming: true }), app.cachePage({ ttl: '1m', grace: '1h', unless: ({ path }) => path === '/never' }))
      app.handle(visit => {
        clock.advance(250)
        visit.send('hello')
      })
    })
    const timing = async (path = '/') => (await site.ask(path)).headers['server-timing']
    expect(await timing()).to.equal('cache;desc="miss", load;dur=250')
    site.clock.advance('2s')
    expect(await timing()).to.equal('cache;desc="hit", age;dur=2000, load;dur=250')
    site.clock.advance('1m')
    expect(await timing()).to.equal('cache;desc="stale", age;dur=62000, load;dur=250')
    expect(await timing('/never')).to.equal('cache;desc="bypass"')
    await timing('/just-made')
    site.clock.set(site.clock.now() - 500)
    expect(await timing('/just-made')).to.equal('cache;desc="hit", age;dur=0, load;dur=250')
  })

  it('stands beside what others have measured', async () => {
    const site = await framework.site(app => {
      app.use(
        app.step(visit => visit.set('Server-Timing', 'outer;dur=1')),
        app.smartCache({ serverTiming: true }),
        app.cachePage({ ttl: '1m' }),
      )
      app.handle(visit => visit.send('hello'))
    })
    expect((await site.ask()).headers['server-timing']).to.equal('outer;dur=1, cache;desc="miss", load;dur=0')
    expect((await site.ask()).headers['server-timing']).to.match(/cache;desc="hit"/)
  })
})
