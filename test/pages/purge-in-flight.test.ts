import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import { describeHits } from './frameworks.js'
import { GatedHandler } from './gated-handler.js'
import { SlowReader } from './slow-reader.js'

describeHits('A purge in the middle of a run', framework => {
  for (const [how, target] of Object.entries({ tag: 'posts', url: { url: '/' }, 'a tag that the handler has given': 'post:7' })) {
    it(`by ${how} gives those who ask after it the new page, and keeps the old one from being kept`, async () => {
      const handler = new GatedHandler()
      let version = 'old'
      const site = await framework.page({ ttl: '1m', tags: ['posts'] }, async visit => {
        const read = version
        visit.cache.tag('post:7')
        await handler.handle(visit)
        visit.send(read)
      })
      const before = [site.ask(), site.ask()]
      await site.arrivals(2)
      version = 'new'
      await site.cache.invalidate(target)
      const after = [site.ask(), site.ask()]
      await site.arrivals(4)
      expect(site.runs).to.equal(2)
      handler.go(1, () => undefined)
      expect((await Promise.all(before)).map(({ text }) => text)).to.deep.equal(['old', 'old'])
      handler.go(2, () => undefined)
      expect((await Promise.all(after)).map(({ text }) => text)).to.deep.equal(['new', 'new'])
      const hit = await site.ask()
      expect([hit.text, hit.outcome]).to.deep.equal(['new', 'hit; ttl=60'])
      expect(site.runs).to.equal(2)
      expect(site.heard('refuse').map(({ reason }) => reason)).to.deep.equal(['purged'])
    })
  }

  it('by a tag that is given only later keeps the old one from being kept all the same', async () => {
    const handler = new GatedHandler()
    let version = 'old'
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const read = version
      await handler.handle(visit)
      visit.cache.tag('late')
      visit.send(read)
    })
    const before = site.ask()
    await site.arrivals(1)
    version = 'new'
    await site.cache.invalidate('late')
    const after = site.ask()
    await site.arrivals(2)
    handler.go(1, () => undefined)
    expect((await before).text).to.equal('old')
    await site.eventually(() => site.runs === 2)
    handler.go(2, () => undefined)
    expect((await after).text).to.equal('new')
    expect((await site.ask()).text).to.equal('new')
  })

  it('by another tag changes nothing', async () => {
    const handler = new GatedHandler()
    const site = await framework.page({ ttl: '1m', tags: ['posts'] }, handler.handle)
    const asked = [site.ask()]
    await site.arrivals(1)
    await site.cache.invalidate('users')
    asked.push(site.ask())
    await site.arrivals(2)
    handler.go(1, visit => visit.send('hello'))
    await Promise.all(asked)
    expect(site.runs).to.equal(1)
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('also counts where the page is being sent', async () => {
    const end = gate()
    const site = await framework.page({ ttl: '1m', tags: ['posts'] }, async visit => {
      const response = visit.raw()
      response.write('old ')
      await end
      response.end('page')
    })
    const reader = new SlowReader(site)
    await reader.readUntil('old')
    await site.cache.invalidate('posts')
    end.open()
    await reader.readOn()
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    expect(site.runs).to.equal(2)
  })

  it('by an unsafe request to the same URL counts as well', async () => {
    const handler = new GatedHandler()
    let version = 'old'
    const site = await framework.page({ ttl: '1m' }, async visit => {
      if (visit.request.method === 'POST') {
        version = 'new'
        visit.send('changed')
        return
      }
      const read = version
      await handler.handle(visit)
      visit.send(read)
    })
    const before = site.ask()
    await site.arrivals(1)
    await site.ask({ method: 'POST' })
    handler.go(1, () => undefined)
    expect((await before).text).to.equal('old')
    const after = site.ask()
    await site.eventually(() => site.runs === 3)
    handler.go(2, () => undefined)
    expect((await after).text).to.equal('new')
  })
})
