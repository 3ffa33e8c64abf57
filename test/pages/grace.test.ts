import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { gate, type Gate } from 'smart-cache/testing'
import type { App, Policy, Step, Visit } from './framework.js'
import { describeHits } from './frameworks.js'
import { SlowReader } from './slow-reader.js'

describeHits('Within its grace a page', framework => {
  const GRACE: Policy = { ttl: '1m', grace: '1h' }

  it('is served stale at once, while exactly one refresh runs its handler', async () => {
    let version = 1
    let held: Gate | undefined
    const site = await framework.page(GRACE, async visit => {
      const read = version
      await held
      visit.send(`version ${read}`)
    })
    await site.ask()
    version = 2
    held = gate()
    site.clock.advance('2m')
    for (let asked = 0; asked < 5; asked++) {
      const reply = await site.ask()
      expect([reply.text, reply.outcome]).to.deep.equal(['version 1', 'hit; ttl=-60; detail=stale'])
    }
    await site.eventually(() => site.runs === 2)
    held.open()
    await site.eventually(() => site.heard('fill').length === 2)
    const fresh = await site.ask()
    expect([fresh.text, fresh.outcome]).to.deep.equal(['version 2', 'hit; ttl=60'])
    expect(site.runs).to.equal(2)
  })

  it('is refreshed once for many who ask at the same moment', async () => {
    const site = await framework.page(GRACE, visit => visit.send('hello'))
    await site.ask()
    site.clock.advance('2m')
    await Promise.all(Array.from({ length: 50 }, () => site.ask()))
    await site.eventually(() => site.heard('fill').length === 2)
    expect(site.runs).to.equal(2)
  })

  it('is refreshed through the whole application, as its visitor would ask for it', async () => {
    const seen: unknown[] = []
    const site = await framework.site((app: App) => {
      app.use(
        app.step(visit => {
          const { request } = visit
          seen.push([
            request.method,
            request.url,
            request.headers['x-user'],
            request.headers['if-none-match'],
            request.socket.remoteAddress,
          ])
        }),
        app.smartCache(),
        app.cachePage({ ...GRACE, vary: { user: ({ headers }) => headers['x-user'] } }),
      )
      app.handle(visit => visit.send(`for ${String(visit.request.headers['x-user'])} at ${visit.request.url}`))
    })
    const headers = { 'X-User': 'ann' }
    await site.ask({ path: '/a?b=1', headers })
    site.clock.advance('2m')
    seen.length = 0
    await site.ask({ path: '/a?b=1', method: 'HEAD', headers: { ...headers, 'If-None-Match': '"x"', 'User-Agent': 'test' } })
    await site.eventually(() => site.heard('fill').length === 2)
    expect(seen).to.deep.equal([
      ['HEAD', '/a?b=1', 'ann', '"x"', '127.0.0.1'],
      ['GET', '/a?b=1', 'ann', '"x"', '127.0.0.1'],
    ])
    const hit = await site.ask({ path: '/a?b=1', headers })
    expect([hit.text, hit.outcome]).to.deep.equal(['for ann at /a?b=1', 'hit; ttl=60'])
  })

  it('is refreshed for its own variant', async () => {
    let version = 1
    const site = await framework.page(GRACE, visit =>
      visit.set('Vary', 'Accept-Language').send(`${String(visit.request.headers['accept-language'])} ${version}`),
    )
    const ask = async (language: string) => (await site.ask({ headers: { 'Accept-Language': language } })).text
    for (const language of ['de', 'en']) await ask(language)
    version = 2
    site.clock.advance('2m')
    expect(await ask('de')).to.equal('de 1')
    await site.eventually(() => site.heard('fill').filter(({ key }) => key.includes('"de"')).length === 2)
    expect(await ask('de')).to.equal('de 2')
    expect(await ask('en')).to.equal('en 1')
  })

  it('sends nothing of its refresh to any visitor', async () => {
    let visitor = 0
    const site = await framework.page(GRACE, visit => visit.set('X-Run', String(++visitor)).send(`run ${visitor}`))
    await site.ask()
    site.clock.advance('2m')
    const reply = await site.ask()
    expect([reply.text, reply.headers['x-run']]).to.deep.equal(['run 1', '1'])
  })

  const failing: Readonly<Record<string, (visit: Visit) => unknown>> = {
    'answers with 500': visit => visit.status(500).send('broken'),
    'answers with 429': visit => visit.status(429).send('too fast'),
    'sets a cookie': visit => visit.set('Set-Cookie', 'a=1').send('mine'),
    throws: () => {
      throw new Error('broken')
    },
    'throws in the middle': visit => {
      visit.raw().write('bro')
      throw new Error('broken')
    },
    'destroys its response': visit => void visit.response.destroy(),
    'fails in its stream': visit => {
      const source = new PassThrough()
      source.on('error', () => visit.response.destroy())
      visit.stream(source)
      setImmediate(() => source.destroy(new Error('broken')))
    },
  }
  for (const [what, reply] of Object.entries(failing)) {
    it(`is left as it is when its refresh ${what}, and the next visitor has it tried again`, async () => {
      let broken = false
      const site = await framework.page(GRACE, visit => (broken ? reply(visit) : visit.send('hello')))
      await site.ask()
      broken = true
      site.clock.advance('2m')
      for (const run of [2, 3]) {
        expect((await site.ask()).text).to.equal('hello')
        await site.eventually(() => site.runs === run && site.heard('refuse').length === run - 1)
      }
      broken = false
      await site.ask()
      await site.eventually(() => site.heard('fill').length === 2)
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })
  }

  const withdrawing: Readonly<Record<string, (visit: Visit) => unknown>> = {
    'answers with 404': visit => visit.status(404).send('gone'),
    'answers with 410': visit => visit.status(410).send('gone'),
    'answers with Cache-Control: private': visit => visit.set('Cache-Control', 'private').send('gone'),
    'says never': visit => {
      visit.cache.never()
      visit.send('gone')
    },
  }
  for (const [what, reply] of Object.entries(withdrawing)) {
    it(`is no more when its refresh ${what}`, async () => {
      let gone = false
      const site = await framework.page(GRACE, visit => (gone ? reply(visit) : visit.send('hello')))
      await site.ask()
      gone = true
      site.clock.advance('2m')
      expect((await site.ask()).text).to.equal('hello')
      await site.eventually(() => site.heard('purge').length === 1)
      expect((await site.ask()).text).to.equal('gone')
    })
  }

  it('is left as it is when the refresh never comes to its policy', async () => {
    let closed = false
    let asked = 0
    const site = await framework.site((app: App) => {
      const guard: Step = () => {
        // The visitor is let in, and his refresh is not.
        if (closed && asked++ % 2 === 1) throw Object.assign(new Error('closed'), { status: 401 })
      }
      app.use(app.step(guard), app.smartCache(), app.cachePage(GRACE))
      app.handle(visit => visit.send('hello'))
    })
    await site.ask()
    closed = true
    site.clock.advance('2m')
    for (const refused of [1, 2]) {
      expect((await site.ask()).text).to.equal('hello')
      await site.eventually(() => site.heard('refuse').length === refused)
    }
    expect(site.heard('refuse').map(({ reason }) => reason)).to.deep.equal(['refresh', 'refresh'])
    expect(site.runs).to.equal(1)
  })

  it('is refreshed though the visitor has gone', async () => {
    const held = gate()
    let refreshing = false
    const site = await framework.page(GRACE, async visit => {
      if (refreshing) await held
      visit.send('hello')
    })
    await site.ask()
    refreshing = true
    site.clock.advance('2m')
    const reader = new SlowReader(site)
    await reader.readUntil('hello')
    reader.leave()
    await site.eventually(() => site.runs === 2)
    held.open()
    await site.eventually(() => site.heard('fill').length === 2)
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('lets its handler treat the refresh as any request', async () => {
    const site = await framework.page(GRACE, visit => {
      const { request, response } = visit
      request.setTimeout(1000)
      response.setTimeout(1000)
      request.socket.setNoDelay(true)
      request.socket.setKeepAlive(true)
      request.socket.setTimeout(1000)
      visit.send(`to ${String(request.socket.remoteAddress)} in HTTP ${request.httpVersion}`)
    })
    await site.ask()
    site.clock.advance('2m')
    await site.ask()
    await site.eventually(() => site.heard('fill').length === 2 || site.errors.length > 0)
    expect(site.errors).to.deep.equal([])
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  it('is made anew, and all wait, once its grace has passed', async () => {
    const site = await framework.page(GRACE, visit => visit.send('hello'))
    await site.ask()
    site.clock.advance('61m')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })

  it('that was purged softly is served stale while it is refreshed', async () => {
    let version = 1
    const site = await framework.page({ ...GRACE, tags: ['posts'] }, visit => visit.send(`version ${version}`))
    for (const target of ['posts', { url: '/' }]) {
      await site.ask()
      const fills = site.heard('fill').length
      version++
      site.clock.advance('1s')
      await site.cache.invalidate(target, { soft: true })
      const reply = await site.ask()
      expect([reply.text, reply.outcome]).to.deep.equal([`version ${version - 1}`, 'hit; ttl=0; detail=stale'])
      await site.eventually(() => site.heard('fill').length === fills + 1)
      expect((await site.ask()).text).to.equal(`version ${version}`)
    }
  })

  it('that varies by its own word is served stale after a soft purge of its URL, too', async () => {
    const site = await framework.page(GRACE, visit => visit.set('Vary', 'Accept-Language').send('hello'))
    const headers = { 'Accept-Language': 'de' }
    await site.ask({ headers })
    await site.cache.invalidate({ url: '/' }, { soft: true })
    expect((await site.ask({ headers })).outcome).to.equal('hit; ttl=0; detail=stale')
  })

  it('that was purged hard is not served', async () => {
    const site = await framework.page({ ...GRACE, tags: ['posts'] }, visit => visit.send('hello'))
    await site.ask()
    site.clock.advance('2m')
    await site.cache.invalidate('posts')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })
})
