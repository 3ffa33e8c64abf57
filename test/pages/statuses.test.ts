import { expect } from 'chai'
import type { Policy } from './framework.js'
import { describeHits } from './frameworks.js'

describeHits('The statuses that are kept', framework => {
  const kept: readonly (readonly [policy: Policy, statuses: readonly number[]])[] = [
    [{}, [200, 203, 204, 300, 301, 308]],
    [{ statuses: [404] }, [404]],
    [{ statuses: [200, 404, 410] }, [200, 404, 410]],
    [{ statuses: { 404: '10s', 503: '1s' } }, [404, 503]],
    [{ statuses: [] }, []],
  ]
  const all = [200, 201, 203, 204, 300, 301, 302, 308, 404, 410, 503]
  for (const [policy, statuses] of kept) {
    it(`are ${statuses.join(', ') || 'none'} with ${JSON.stringify(policy)}`, async () => {
      const site = await framework.page({ ttl: '1m', ...policy }, visit => visit.status(Number(visit.asked.path.slice(1))).send('hello'))
      for (const status of all) {
        const path = `/${status}`
        const miss = await site.ask(path)
        const again = await site.ask(path)
        expect([miss.status, again.status]).to.deep.equal([status, status])
        expect([status, again.outcome.startsWith('hit')]).to.deep.equal([status, statuses.includes(status)])
        expect(again.text).to.equal(miss.text)
      }
    })
  }

  it('can have a ttl each', async () => {
    const site = await framework.page({ ttl: '1h', statuses: { 200: '5m', 404: '10s' } }, visit =>
      visit.status(Number(visit.asked.path.slice(1))).send('hello'),
    )
    for (const path of ['/200', '/404']) await site.ask(path)
    expect((await site.ask('/200')).outcome).to.equal('hit; ttl=300')
    expect((await site.ask('/404')).outcome).to.equal('hit; ttl=10')
    site.clock.advance('10s')
    expect((await site.ask('/200')).outcome).to.equal('hit; ttl=290')
    expect((await site.ask('/404')).outcome).to.equal('fwd=uri-miss')
  })

  it('share grace and tags of the policy where each has a ttl of its own', async () => {
    const site = await framework.page({ grace: '1h', tags: ['pages'], statuses: { 404: '10s' } }, visit => visit.status(404).send('gone'))
    await site.ask()
    site.clock.advance('11s')
    expect((await site.ask()).outcome).to.equal('hit; ttl=-1; detail=stale')
    await site.cache.invalidate('pages')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })
})
