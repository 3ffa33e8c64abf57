import { expect } from 'chai'
import { describeHits } from './frameworks.js'

describeHits('A request with a method', framework => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE', 'PROPFIND']) {
    it(`${method} reaches the handler each time, and its answer is not kept`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`made by ${visit.request.method}`))
      for (const run of [1, 2]) {
        const reply = await site.ask({ method })
        expect(reply.text).to.equal(`made by ${method}`)
        expect(reply.outcome).to.equal('fwd=method')
        expect(site.runs).to.equal(run)
      }
      expect((await site.ask()).text).to.equal('made by GET')
    })
  }

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PURGE']) {
    it(`${method} that succeeds purges what is kept for its URL`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
      await site.ask('/a?b=1')
      await site.ask({ method, path: '/a?b=1' })
      expect((await site.ask('/a?b=1')).outcome).to.equal('fwd=uri-miss')
    })
  }

  for (const status of [200, 201, 202, 204, 301, 302, 303, 307, 308]) {
    it(`POST answered with ${status} purges what is kept for its URL`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => {
        if (visit.request.method === 'POST') visit.status(status)
        visit.send('hello')
      })
      await site.ask()
      await site.ask({ method: 'POST' })
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    })
  }

  for (const status of [400, 401, 404, 409, 422, 500, 503]) {
    it(`POST answered with ${status} purges nothing`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => {
        if (visit.request.method === 'POST') visit.status(status)
        visit.send('hello')
      })
      await site.ask()
      await site.ask({ method: 'POST' })
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })
  }

  it('POST whose handler throws purges nothing', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      if (visit.request.method === 'POST') throw new Error('refused')
      visit.send('hello')
    })
    await site.ask()
    expect((await site.ask({ method: 'POST' })).status).to.equal(500)
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  for (const method of ['OPTIONS', 'TRACE']) {
    it(`${method} is not kept, and purges nothing`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
      await site.ask()
      await site.ask({ method })
      await site.ask({ method })
      expect(site.runs).to.equal(3)
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })
  }

  it('POST purges its URL alone, in all its variants', async () => {
    const site = await framework.page({ ttl: '1m', vary: { headers: ['Accept-Language'] } }, visit => visit.send('hello'))
    const ask = async (path: string, language: string) => (await site.ask({ path, headers: { 'Accept-Language': language } })).outcome
    for (const path of ['/a', '/b']) for (const language of ['de', 'en']) await ask(path, language)
    await site.ask({ method: 'POST', path: '/a' })
    expect(await ask('/a', 'de')).to.equal('fwd=uri-miss')
    expect(await ask('/a', 'en')).to.equal('fwd=uri-miss')
    expect(await ask('/b', 'de')).to.equal('hit; ttl=60')
    expect(await ask('/b', 'en')).to.equal('hit; ttl=60')
  })

  it('POST purges the page of a path whose key leaves out the query', async () => {
    const site = await framework.page({ ttl: '1m', vary: { query: ['page'] } }, visit => visit.send('hello'))
    await site.ask('/a?page=2&from=mail')
    await site.ask({ method: 'POST', path: '/a?from=print' })
    expect((await site.ask('/a?page=2')).outcome).to.equal('fwd=uri-miss')
  })

  it('POST purges its page also where its own route keeps nothing', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.route('get', '/posts', app.cachePage({ ttl: '1m' }), visit => visit.send('posts'))
      app.route('post', '/posts', visit => visit.status(201).send('made'))
    })
    await site.get('/posts').expect('posts')
    await site.post('/posts').expect(201)
    await site.get('/posts').expect('Cache-Status', 'smart-cache; fwd=uri-miss; stored')
  })

  it('POST is answered when the purge of its URL fails, which is announced', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('done'))
    await site.cache.close()
    expect((await site.ask({ method: 'POST' })).text).to.equal('done')
    expect(site.heard('error').map(({ operation }) => operation)).to.deep.equal(['store'])
  })
})
