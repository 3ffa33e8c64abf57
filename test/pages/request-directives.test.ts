import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import { describeHits } from './frameworks.js'

describeHits('A request that says how it would be served', framework => {
  const wishes: readonly (readonly [name: string, value: string])[] = [
    ['Cache-Control', 'no-cache'],
    ['Cache-Control', 'max-age=0'],
    ['Cache-Control', 'no-store'],
    ['Cache-Control', 'min-fresh=600'],
    ['Cache-Control', 'max-stale'],
    ['Cache-Control', 'only-if-cached'],
    ['Cache-Control', 'max-stale=31536000, private, x="'],
    ['Pragma', 'no-cache'],
    ['Surrogate-Capability', 'x="ESI/1.0"'],
  ]
  for (const [name, value] of wishes) {
    const headers = { [name]: value }

    it(`with ${name}: ${value} changes nothing for others, and runs no handler more often than they do`, async () => {
      let version = 0
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`version ${++version}`))
      for (let asked = 0; asked < 3; asked++) {
        expect((await site.ask({ headers })).text).to.equal('version 1')
        expect((await site.ask()).text).to.equal('version 1')
      }
      expect(site.runs).to.equal(1)
    })

    it(`with ${name}: ${value} is not served what has expired`, async () => {
      let version = 0
      const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => visit.send(`version ${++version}`))
      await site.ask({ headers })
      site.clock.advance('2m')
      expect((await site.ask({ headers })).text).to.equal('version 2')
    })
  }

  it('with Cache-Control: no-cache is no way to start a stampede', async () => {
    const handler = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      await handler
      visit.send('hello')
    })
    const asked = Array.from({ length: 20 }, () => site.ask({ headers: { 'Cache-Control': 'no-cache', Pragma: 'no-cache' } }))
    await site.arrivals(20)
    expect(site.runs).to.equal(1)
    handler.open()
    await Promise.all(asked)
    expect(site.runs).to.equal(1)
  })
})
