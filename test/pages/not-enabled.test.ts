import { expect } from 'chai'
import { nullStore } from 'smart-cache'
import { describePages } from './frameworks.js'

describePages('Pages of a cache that keeps nothing', framework => {
  it('come from their handler each time, as it made them', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send(`run ${site.runs}`), { store: nullStore() })
    const replies = [await site.ask(), await site.ask()]
    expect(replies.map(({ status, text }) => [status, text])).to.deep.equal([
      [200, 'run 1'],
      [200, 'run 2'],
    ])
    for (const { outcome } of replies) expect(outcome).to.match(/^fwd=/)
  })

  it('are purged without ado', async () => {
    const site = await framework.page({ ttl: '1m', tags: ['posts'] }, visit => visit.send('hello'), { store: nullStore() })
    await site.ask()
    await site.cache.invalidate('posts')
    expect((await site.ask()).text).to.equal('hello')
  })
})
