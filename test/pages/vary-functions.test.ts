import { expect } from 'chai'
import type { Policy } from './framework.js'
import { describePages } from './frameworks.js'

describePages('A page that varies on who asks', framework => {
  const byUser: Policy = { ttl: '1m', vary: { user: ({ headers }) => headers['x-user'] } }

  it('is kept for each user apart', async () => {
    const site = await framework.page(byUser, visit => visit.send(`for ${String(visit.request.headers['x-user'])}`))
    for (let asked = 0; asked < 2; asked++) {
      for (const user of ['ann', 'bob', 'ann,bob', '{"user":"ann"}']) {
        expect((await site.ask({ headers: { 'X-User': user } })).text).to.equal(`for ${user}`)
      }
      expect((await site.ask()).text).to.equal('for undefined')
    }
    expect(site.runs).to.equal(5)
  })

  it('is private to other caches, on a miss and on a hit', async () => {
    const site = await framework.page(byUser, visit => visit.send('hello'))
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
      const reply = await site.ask()
      expect(reply.outcome).to.equal(outcome)
      expect(reply.headers['cache-control']).to.equal('private')
    }
  })

  it('leaves the Cache-Control that the route has chosen', async () => {
    const site = await framework.page(byUser, visit => visit.set('Cache-Control', 'max-age=5').send('hello'))
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['cache-control']).to.equal('max-age=5')
    expect(site.runs).to.equal(1)
  })

  it('may be kept for requests with Authorization', async () => {
    const site = await framework.page(byUser, visit => visit.send('hello'))
    const headers = { 'X-User': 'ann', Authorization: 'Bearer 1' }
    await site.ask({ headers })
    expect((await site.ask({ headers: { ...headers, Authorization: 'Bearer 2' } })).outcome).to.equal('hit; ttl=60')
  })

  const values: readonly unknown[] = [1, '1', 1n, true, 'true', null, undefined, {}, { a: 1 }, { a: '1' }, [1], [[1]], new Date(1), '']
  it('tells values of different kinds apart', async () => {
    const site = await framework.page({ ttl: '1m', vary: { value: ({ path }) => values[Number(path.slice(1))] } }, visit =>
      visit.send('hello'),
    )
    for (const at of values.keys()) {
      site.runs = 0
      await site.ask({ path: `/${at}` })
      await site.ask({ path: `/${at}` })
      expect(site.runs).to.equal(1)
    }
  })

  it('keeps by value under one URL', async () => {
    const site = await framework.page({ ttl: '1m', vary: { value: ({ headers }) => values[Number(headers['x-at'])] } }, visit =>
      visit.send('hello'),
    )
    for (let asked = 0; asked < 2; asked++) for (const at of values.keys()) await site.ask({ headers: { 'X-At': String(at) } })
    expect(site.runs).to.equal(values.length)
  })

  it('takes a user for no value, and a value for no user', async () => {
    const site = await framework.page(
      { ttl: '1m', vary: { user: ({ headers }) => headers['x-user'], value: ({ headers }) => headers['x-value'] } },
      visit => visit.send('hello'),
    )
    await site.ask({ headers: { 'X-User': 'a' } })
    await site.ask({ headers: { 'X-Value': 'a' } })
    await site.ask({ headers: { 'X-User': 'a', 'X-Value': 'a' } })
    expect(site.runs).to.equal(3)
  })

  it('fails the request if the function throws, or returns what cannot be told apart', async () => {
    for (const user of [
      () => {
        throw new Error('no session')
      },
      () => () => 'ann',
    ]) {
      const site = await framework.page({ ttl: '1m', vary: { user } }, visit => visit.send('hello'))
      expect((await site.ask()).status).to.equal(500)
      expect(site.errors).to.have.length(1)
      expect(site.runs).to.equal(0)
    }
  })
})
