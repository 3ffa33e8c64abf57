import { expect } from 'chai'
import { describeHits } from './frameworks.js'

describeHits('What a page says of its freshness', framework => {
  const rows: readonly (readonly [field: string, ttlSeconds: number])[] = [
    ['max-age=10', 10],
    ['max-age=60', 60],
    ['max-age=600', 60],
    ['public, max-age=10', 10],
    ['MAX-AGE=10', 10],
    ['max-age="10"', 10],
    ['max-age=600, s-maxage=10', 10],
    ['max-age=10, s-maxage=30', 30],
    ['s-maxage=600', 60],
    ['max-age=99999999999999999999', 60],
    ['max-age=10, immutable', 10],
    ['public', 60],
    ['must-revalidate', 60],
    ['stale-while-revalidate=600', 60],
  ]
  for (const [field, seconds] of rows) {
    it(`lets it be fresh for ${seconds} of 60 seconds with Cache-Control: ${field}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.set('Cache-Control', field).send('hello'))
      await site.ask()
      expect((await site.ask()).outcome).to.equal(`hit; ttl=${seconds}`)
      site.clock.advance(seconds * 1000)
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    })
  }

  it('counts Expires from the cache’s own clock', async () => {
    const site = await framework.site((app, { clock }) => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
      app.handle(visit => visit.set('Expires', new Date(clock.now() + 10_000).toUTCString()).send('hello'))
    })
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=10')
  })

  it('counts Expires from the Date that the page bears', async () => {
    const site = await framework.page({ ttl: '1m' }, visit =>
      visit.set('Date', 'Wed, 01 Jan 2020 00:00:00 GMT').set('Expires', 'Wed, 01 Jan 2020 00:00:10 GMT').send('hello'),
    )
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=10')
  })

  it('has max-age count, and not Expires', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Cache-Control', 'max-age=10').set('Expires', '0').send('hello'))
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=10')
  })

  for (const directive of ['must-revalidate', 'proxy-revalidate', 'Must-Revalidate', 's-maxage=60']) {
    it(`forbids grace and staleIfError with ${directive}`, async () => {
      let broken = false
      const site = await framework.page({ ttl: '1m', grace: '1h', staleIfError: '1h' }, visit =>
        visit
          .set('Cache-Control', directive)
          .status(broken ? 500 : 200)
          .send('hello'),
      )
      await site.ask()
      site.clock.advance('61s')
      broken = true
      const reply = await site.ask()
      expect(reply.status).to.equal(500)
      expect(reply.outcome).to.equal('fwd=uri-miss; detail=status')
    })
  }

  it('leaves grace as it is without such a directive', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => visit.set('Cache-Control', 'max-age=60').send('hello'))
    await site.ask()
    site.clock.advance('61s')
    expect((await site.ask()).outcome).to.equal('hit; ttl=-1; detail=stale')
  })
})
