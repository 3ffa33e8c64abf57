import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import type { Policy, Visit } from './framework.js'
import { describePages } from './frameworks.js'
import { GatedHandler } from './gated-handler.js'
import { SlowReader } from './slow-reader.js'

describePages('Many who ask for one page at once', framework => {
  const open = async (policy: Policy = {}) => {
    const handler = new GatedHandler()
    const site = await framework.page({ ttl: '1m', ...policy }, handler.handle)
    return { handler, site }
  }

  it('run its handler once, though they be a thousand', async () => {
    const { handler, site } = await open()
    const asked = Array.from({ length: 1000 }, () => site.ask())
    await site.arrivals(1000)
    expect(site.runs).to.equal(1)
    handler.go(1, visit => visit.set('X-Own', 'yes').send('hello'))
    const replies = await Promise.all(asked)
    expect(replies.filter(({ text, headers }) => text === 'hello' && headers['x-own'] === 'yes')).to.have.length(1000)
    expect(replies.filter(({ outcome }) => outcome === 'fwd=uri-miss; collapsed; ttl=60')).to.have.length(999)
    expect(site.runs).to.equal(1)
  })

  it('for another page run that one’s handler', async () => {
    const { handler, site } = await open()
    const asked = [site.ask('/a'), site.ask('/b'), site.ask('/a'), site.ask('/b')]
    await site.arrivals(4)
    expect(site.runs).to.equal(2)
    for (const run of [1, 2]) handler.go(run, visit => visit.send(`for ${visit.request.url}`))
    expect((await Promise.all(asked)).map(({ text }) => text)).to.deep.equal(['for /a', 'for /b', 'for /a', 'for /b'])
  })

  it('are answered each as it asked: whole, head, or not modified', async () => {
    const { handler, site } = await open()
    const asked = [site.ask(), site.ask({ method: 'HEAD' }), site.ask({ headers: { 'If-None-Match': '"own"' } })]
    await site.arrivals(3)
    handler.go(1, visit => visit.set('ETag', '"own"').send('hello'))
    const replies = await Promise.all(asked)
    expect(replies.map(({ status, text }) => [status, text])).to.deep.equal([
      [200, 'hello'],
      [200, ''],
      [304, ''],
    ])
    expect(site.runs).to.equal(1)
  })

  it('are promoted, one of them, when the first goes away; and the rest wait for that one', async () => {
    const { handler, site } = await open()
    const leader = new SlowReader(site)
    await site.eventually(() => site.runs === 1)
    const asked = Array.from({ length: 5 }, () => site.ask())
    await site.arrivals(6)
    leader.leave()
    await site.eventually(() => site.runs === 2)
    await site.arrivals(6)
    expect(site.runs).to.equal(2)
    handler.go(2, visit => visit.send('by the second'))
    expect((await Promise.all(asked)).map(({ text }) => text)).to.deep.equal(Array(5).fill('by the second'))
    handler.go(1, visit => visit.send('too late'))
    expect((await site.ask()).text).to.equal('by the second')
    expect(site.runs).to.equal(2)
  })

  it('are promoted in turn, as long as somebody waits, and none who has gone', async () => {
    const { handler, site } = await open()
    const readers: SlowReader[] = []
    for (let reader = 0; reader < 4; reader++) {
      readers.push(new SlowReader(site))
      await site.arrivals(reader + 1)
    }
    const patient = site.ask()
    await site.arrivals(5)
    readers[2]?.leave()
    for (const [at, reader] of readers.entries()) {
      if (at === 2) continue
      const runs = site.runs
      reader.leave()
      await site.eventually(() => site.runs === runs + 1)
    }
    expect(site.runs).to.equal(4)
    handler.go(4, visit => visit.send('hello'))
    expect((await patient).text).to.equal('hello')
  })

  const unshared: Readonly<Record<string, (visit: Visit) => unknown>> = {
    'a cookie': visit => visit.set('Set-Cookie', 'a=1').send('hello'),
    'Cache-Control: private': visit => visit.set('Cache-Control', 'private').send('hello'),
    'an error status': visit => visit.status(500).send('hello'),
    'a status that is not kept': visit => visit.status(404).send('hello'),
  }
  for (const [what, reply] of Object.entries(unshared)) {
    it(`go on at once, each for himself, when the answer turns out to have ${what}`, async () => {
      const { handler, site } = await open()
      const asked = Array.from({ length: 4 }, () => site.ask())
      await site.arrivals(4)
      expect(site.runs).to.equal(1)
      handler.go(1, reply)
      await site.eventually(() => site.runs === 4)
      for (const run of [2, 3, 4]) handler.go(run, reply)
      const replies = await Promise.all(asked)
      expect(replies.map(({ text }) => text)).to.deep.equal(Array(4).fill('hello'))
      expect(site.heard('fill')).to.deep.equal([])
    })
  }

  it('go on at once when the head of an unshared answer leaves, and not at its end', async () => {
    const { handler, site } = await open()
    const end = gate()
    const asked = [site.ask(), site.ask()]
    await site.arrivals(2)
    handler.go(1, async visit => {
      const response = visit.raw()
      response.writeHead(200, { 'Cache-Control': 'private' })
      response.write('mi')
      await end
      response.end('ne')
    })
    await site.eventually(() => site.runs === 2)
    handler.go(2, visit => visit.send('his'))
    expect((await asked[1])?.text).to.equal('his')
    end.open()
    expect((await asked[0])?.text).to.equal('mine')
  })

  it('go on at once when the handler says never in the middle of the body', async () => {
    const { handler, site } = await open()
    const end = gate()
    const asked = [site.ask(), site.ask()]
    await site.arrivals(2)
    handler.go(1, async visit => {
      const response = visit.raw()
      response.write('mi')
      visit.cache.never()
      await end
      response.end('ne')
    })
    await site.eventually(() => site.runs === 2)
    handler.go(2, visit => visit.send('his'))
    expect((await asked[1])?.text).to.equal('his')
    end.open()
    expect((await asked[0])?.text).to.equal('mine')
  })

  it('go on when the body grows beyond what is kept', async () => {
    const { handler, site } = await open({ maxBody: 10 })
    const end = gate()
    const asked = [site.ask(), site.ask()]
    await site.arrivals(2)
    handler.go(1, async visit => {
      const response = visit.raw()
      response.write('more than ten bytes')
      await end
      response.end()
    })
    await site.eventually(() => site.runs === 2)
    handler.go(2, visit => visit.send('short'))
    expect((await asked[1])?.text).to.equal('short')
    end.open()
    expect((await asked[0])?.text).to.equal('more than ten bytes')
  })

  it('get their own answer each when the handler throws', async () => {
    const { handler, site } = await open()
    const asked = Array.from({ length: 3 }, () => site.ask())
    await site.arrivals(3)
    handler.go(1, () => {
      throw new Error('broken')
    })
    await site.eventually(() => site.runs === 3)
    for (const run of [2, 3]) handler.go(run, visit => visit.send('well'))
    expect((await Promise.all(asked)).map(({ status }) => status)).to.have.members([200, 200, 500])
  })

  it('wait no longer than waitTimeout, and then run the handler themselves, keeping nothing', async () => {
    const { handler, site } = await open({ waitTimeout: 20 })
    const first = site.ask()
    await site.arrivals(1)
    const second = site.ask()
    await site.eventually(() => site.runs === 2)
    handler.go(2, visit => visit.send('his own'))
    const reply = await second
    expect([reply.text, reply.outcome]).to.deep.equal(['his own', 'fwd=bypass; detail=wait-timeout'])
    expect(site.heard('fill')).to.deep.equal([])
    handler.go(1, visit => visit.send('shared'))
    expect((await first).text).to.equal('shared')
    expect((await site.ask()).text).to.equal('shared')
  })

  it('leave nothing behind that holds up the next, when all of them have gone', async () => {
    const { handler, site } = await open()
    const readers = [new SlowReader(site), new SlowReader(site), new SlowReader(site)]
    await site.arrivals(3)
    for (const reader of readers) reader.leave()
    await site.eventually(() => site.runs >= 1 && site.heard('refuse').length >= site.runs)
    const runs = site.runs
    const next = site.ask()
    await site.eventually(() => site.runs === runs + 1)
    handler.go(runs + 1, visit => visit.send('hello'))
    expect((await next).text).to.equal('hello')
  })
})
