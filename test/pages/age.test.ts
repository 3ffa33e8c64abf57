import { expect } from 'chai'
import { describeHits } from './frameworks.js'

describeHits('The age of a page', framework => {
  it('is told on hits, in whole seconds, and not on misses', async () => {
    const site = await framework.page({ ttl: '1h', grace: '1h' }, visit => visit.send('hello'))
    expect((await site.ask()).headers['age']).to.equal(undefined)
    for (const [advance, age] of [
      [0, '0'],
      [999, '0'],
      [1, '1'],
      [58_999, '59'],
      [1, '60'],
      [3_600_000, '3660'],
    ] as const) {
      site.clock.advance(advance)
      expect((await site.ask()).headers['age']).to.equal(age)
    }
  })

  it('is never negative, though the clock be corrected backwards', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.send('hello'))
    await site.ask()
    site.clock.set(site.clock.now() - 999)
    expect((await site.ask()).headers['age']).to.equal('0')
  })

  it('goes on from the one that the handler says', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.set('Age', '1000').send('hello'))
    await site.ask()
    site.clock.advance('5s')
    expect((await site.ask()).headers['age']).to.equal('1005')
  })

  it('shortens the lifetime that the handler says beside it', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.set('Age', '50').set('Cache-Control', 'max-age=60').send('hello'))
    await site.ask()
    expect((await site.ask()).outcome).to.equal('hit; ttl=10')
  })

  it('comes with a Date of the answer, and not of the page', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.set('Date', 'Wed, 01 Jan 2020 00:00:00 GMT').send('hello'))
    await site.ask()
    expect(Date.parse((await site.ask()).headers['date'] ?? '')).to.be.greaterThan(Date.parse('2025-01-01'))
  })
})
