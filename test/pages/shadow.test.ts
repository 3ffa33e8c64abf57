import { expect } from 'chai'
import { mock } from 'node:test'
import { Readable } from 'node:stream'
import { memoryStore } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import type { SiteSettings, Step, Visit } from './framework.js'
import { describeHits } from './frameworks.js'
import type { Site } from './site.js'
import { distantStore, storeWith } from './stores.js'

const SETTLED_MS = 2_000

describeHits('A policy that only shadows', framework => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  const shadowed = (handler: Step, policy = {}, settings?: SiteSettings) =>
    framework.page({ ttl: '1m', mode: 'shadow', ...policy }, handler, settings)
  const as = (visitor: string, path = '/') => ({ path, headers: { Cookie: `session=${visitor}` } })
  const mine = (visit: Visit) => visit.send(`hello ${visit.asked.get('cookie') ?? 'you'}`)

  /** What was reported, when all has settled. */
  async function reports(site: Site) {
    mock.timers.tick(SETTLED_MS)
    for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve))
    return site.heard('shadow').map(({ verdict, certain }) => `${verdict}${certain ? '' : '?'}`)
  }

  it('answers every visitor by the handler, and says what it would have done', async () => {
    const site = await shadowed(visit => visit.set('X-Run', String(site.runs)).send('hello'))
    const outcomes = []
    for (let asked = 0; asked < 3; asked++) outcomes.push((await site.ask()).outcome)
    expect(outcomes).to.deep.equal(['would-have-missed', 'would-have-been-stale', 'would-have-been-stale'].map(bypassing))
    expect(site.runs).to.equal(3)
  })

  it('adds nothing to an answer but `Cache-Status`, and takes nothing away', async () => {
    const plain = await framework.site(app => app.handle(visit => visit.send('hello')))
    const site = await shadowed(visit => visit.send('hello'))
    const fields = async (there: Site, headers = {}) => {
      const { status, fields: all, text } = await there.ask({ headers })
      return [status, text, all.filter(([name]) => !/^(?:date|cache-status)$/i.test(name))]
    }
    for (const headers of [{}, {}, { 'If-None-Match': '*' }, { Range: 'bytes=0-1' }]) {
      expect(await fields(site, headers)).to.deep.equal(await fields(plain, headers))
    }
  })

  it('reports nothing of a page that is the same for all', async () => {
    const site = await shadowed(visit => visit.send('hello'))
    for (const visitor of ['a', 'b', 'a']) expect((await site.ask(as(visitor))).text).to.equal('hello')
    expect((await site.ask(as('c'))).outcome).to.equal(bypassing('would-have-hit'))
    expect(await reports(site)).to.deep.equal([])
  })

  it('reports a page that differs with its visitor, with where it differs and no word of what is there', async () => {
    const site = await shadowed(mine)
    await site.ask(as('a'))
    expect((await site.ask(as('bb'))).outcome).to.equal(bypassing('would-have-leaked'))
    site.clock.advance('1s')
    expect(await reports(site)).to.deep.equal(['leaked?'])
    const [event] = site.heard('shadow')
    expect(event).to.include({ verdict: 'leaked', certain: false, status: undefined, ageMs: 1_000, namespace: '' })
    expect(event?.key).to.match(/^\W*page\./)
    expect(event?.body).to.deep.equal({ at: 14, keptBytes: 15, answeredBytes: 16 })
    expect(JSON.stringify(event)).to.not.match(/session/)
  })

  it('is certain of a leak when somebody still gets what was kept', async () => {
    const site = await shadowed(mine)
    for (const visitor of ['a', 'b', 'a', 'b', 'a']) await site.ask(as(visitor))
    expect(await reports(site)).to.deep.equal(['leaked?', 'leaked'])
  })

  it('finds that a page has changed for everybody, when the one whose it was gets another', async () => {
    let content = 'old'
    const site = await shadowed(visit => visit.send(content))
    await site.ask(as('a'))
    content = 'new'
    for (const visitor of ['b', 'a', 'c', 'a']) await site.ask(as(visitor))
    expect(await reports(site)).to.deep.equal(['leaked?', 'stale'])
    expect((await site.ask(as('c'))).outcome).to.equal(bypassing('would-have-been-stale'))
  })

  it('reports a page that has changed for the same visitor, once', async () => {
    let content = 'old'
    const site = await shadowed(visit => visit.send(content))
    await site.ask(as('a'))
    content = 'new'
    for (let asked = 0; asked < 3; asked++) await site.ask(as('a'))
    expect(await reports(site)).to.deep.equal(['stale'])
  })

  const changes: Readonly<Record<string, readonly [(visit: Visit, again: boolean) => void, object]>> = {
    'its status': [(visit, again) => visit.status(again ? 404 : 200).send('hello'), { status: { kept: 200, answered: 404 }, headers: [] }],
    'a header': [(visit, again) => visit.set('X-Plan', again ? 'a' : 'b').send('hello'), { status: undefined, headers: ['x-plan'] }],
    'a cookie that it sets': [
      (visit, again) => (again ? visit.set('Set-Cookie', 'a=1') : visit).send('hello'),
      { status: undefined, headers: ['set-cookie'] },
    ],
  }
  for (const [what, [handler, difference]] of Object.entries(changes)) {
    it(`sees a difference in ${what}`, async () => {
      const site = await shadowed(visit => handler(visit, site.runs > 1))
      for (let asked = 0; asked < 2; asked++) await site.ask()
      expect(await reports(site)).to.deep.equal(['stale'])
      expect(site.heard('shadow')[0]).to.deep.include({ ...difference, body: undefined })
    })
  }

  it('sees a difference in what is streamed', async () => {
    const site = await shadowed(visit => visit.stream(Readable.from([Buffer.from('hello '), Buffer.from(`run ${site.runs}`)])))
    for (let asked = 0; asked < 2; asked++) await site.ask()
    expect(await reports(site)).to.deep.equal(['stale'])
    expect(site.heard('shadow')[0]?.body).to.deep.equal({ at: 10, keptBytes: 11, answeredBytes: 11 })
  })

  const harmless: Readonly<Record<string, (visit: Visit, run: number) => void>> = {
    'dates and lifetimes': (visit, run) =>
      visit
        .set('Date', new Date(run * 1e6).toUTCString())
        .set('Expires', new Date(run * 2e6).toUTCString())
        .set('Last-Modified', new Date(run * 1e3).toUTCString())
        .set('Cache-Control', `max-age=${100 - run}`)
        .send('hello'),
    'the number of a request': (visit, run) => visit.set('X-Request-Id', String(run)).send('hello'),
    'a nonce': (visit, run) => {
      const nonce = `nonce${run}abcdef==`
      visit.set('Content-Security-Policy', `script-src 'nonce-${nonce}'`).send(`<script nonce="${nonce}">1</script>`)
    },
  }
  for (const [what, handler] of Object.entries(harmless)) {
    it(`minds no difference in ${what}`, async () => {
      const site = await shadowed(visit => handler(visit, site.runs))
      for (const visitor of ['a', 'b', 'a']) await site.ask(as(visitor))
      expect(await reports(site)).to.deep.equal([])
    })
  }

  it('minds nothing that middleware outside sets', async () => {
    const site = await framework.site((app, { clock }) => {
      app.use(
        app.smartCache(),
        app.step(visit => {
          const nonce = `${clock.now()}abcdef`
          visit
            .set('Set-Cookie', `session=${clock.now()}`)
            .set('X-Visit', nonce)
            .set('Content-Security-Policy', `script-src 'nonce-${nonce}'`)
        }),
        app.cachePage({ ttl: '1m', mode: 'shadow' }),
      )
      app.handle(visit => visit.send(`<script nonce="${clock.now()}abcdef"></script>`))
    })
    for (const visitor of ['a', 'b', 'a']) {
      await site.ask(as(visitor))
      site.clock.advance('1s')
    }
    expect(await reports(site)).to.deep.equal([])
  })

  const explained: Readonly<Record<string, (site: Site) => unknown>> = {
    'a purge by its tag': site => site.cache.invalidate('a'),
    'a purge by its URL': site => site.cache.invalidate({ url: '/' }),
    'a soft purge': site => site.cache.invalidate('a', { soft: true }),
    'its ttl': site => site.clock.advance('2m'),
  }
  for (const [what, explain] of Object.entries(explained)) {
    it(`reports no change that ${what} has come before`, async () => {
      const site = await shadowed(visit => visit.send(String(site.runs)), { tags: ['a'] })
      await site.ask(as('a'))
      await explain(site)
      expect((await site.ask(as('b'))).outcome).to.equal(bypassing('would-have-missed'))
      expect(await reports(site)).to.deep.equal([])
    })
  }

  it('reports a change of what has expired since', async () => {
    const site = await shadowed(visit => visit.send(String(site.runs)), { ttl: '1s' })
    for (let asked = 0; asked < 2; asked++) await site.ask()
    site.clock.advance('2s')
    expect(await reports(site)).to.deep.equal(['stale'])
  })

  it('reports no change of which a purge is on its way', async () => {
    const site = await shadowed(visit => visit.send(String(site.runs)), { tags: ['a'] })
    for (const visitor of ['a', 'b']) await site.ask(as(visitor))
    mock.timers.tick(SETTLED_MS - 1)
    await site.cache.invalidate('a')
    expect(await reports(site)).to.deep.equal([])
  })

  it('takes no answer for the old one that had begun before the new one was seen', async () => {
    const slow = gate()
    let content = 'old'
    const site = await shadowed(async visit => {
      const mineNow = content
      if (visit.request.headers['x-slow'] !== undefined) await slow
      visit.send(mineNow)
    })
    await site.ask(as('a'))
    const late = site.ask({ headers: { 'X-Slow': 'yes' } })
    await site.arrivals(2)
    content = 'new'
    await site.ask(as('b'))
    slow.open()
    await late
    expect(await reports(site)).to.deep.equal(['leaked?'])
  })

  it('learns nothing from failures, aborts and bodies that break off', async () => {
    const site = await shadowed(visit => {
      if (site.runs === 1) return visit.send('hello')
      if (site.runs === 2) return visit.status(503).send('later')
      if (site.runs === 3) throw new Error('broken')
      visit.raw().writeHead(200, { 'Content-Length': 9 })
      visit.raw().write('hel')
      return visit.raw().destroy()
    })
    for (let asked = 0; asked < 4; asked++) await site.ask().catch(() => undefined)
    expect(await reports(site)).to.deep.equal([])
    expect(site.heard('fill')).to.have.length(1)
  })

  it('gives back the right to keep a page whose visitor goes while it is looked for', async () => {
    const looking = gate()
    let looks = 0
    const store = storeWith(memory => ({
      read: async (...args) => {
        if (looks++ === 0) await looking
        return memory.read(...args)
      },
    }))
    const site = await shadowed(visit => visit.send('hello'), {}, { store })
    let closed = false
    site.server.prependOnceListener('request', (_request, response) => response.once('close', () => (closed = true)))
    const gone = site.ask().catch(() => 'gone')
    await site.eventually(() => looks === 1)
    site.leaveAll()
    await gone
    await site.eventually(() => closed)
    looking.open()
    await site.eventually(() => site.heard('refuse').length === 1)
    await site.ask()
    expect(site.heard('fill')).to.have.length(1)
  })

  it('lets nobody wait for another', async () => {
    const handler = gate()
    const site = await shadowed(async visit => {
      await handler
      visit.send('hello')
    })
    const asked = [site.ask(), site.ask(), site.ask()]
    await site.eventually(() => site.runs === 3)
    handler.open()
    for (const reply of await Promise.all(asked)) expect(reply.outcome).to.equal(bypassing('would-have-missed'))
  })

  it('keeps apart what pages declare and announce to vary on', async () => {
    const site = await shadowed(
      visit => visit.set('Vary', 'Accept-Language').send(`${visit.asked.get('accept-language') ?? ''} ${visit.asked.get('x-plan') ?? ''}`),
      { vary: { headers: ['X-Plan'] } },
    )
    for (let turn = 0; turn < 2; turn++) {
      for (const plan of ['a', 'b'])
        for (const tongue of ['de', 'fr']) await site.ask({ headers: { 'X-Plan': plan, 'Accept-Language': tongue } })
    }
    expect((await site.ask({ headers: { 'X-Plan': 'a', 'Accept-Language': 'fr' } })).outcome).to.equal(bypassing('would-have-hit'))
    expect(await reports(site)).to.deep.equal([])
  })

  it('shares nothing with a policy that serves the same URL', async () => {
    const store = memoryStore()
    const one = await shadowed(visit => visit.send('hello'), {}, { store })
    const other = await framework.page({ ttl: '1m' }, visit => visit.send('hello'), { store })
    const question = { headers: { Host: 'shop.example' } }
    await one.ask(question)
    expect((await other.ask(question)).outcome).to.equal('fwd=uri-miss')
    expect((await other.ask(question)).outcome).to.equal('hit; ttl=60')
    expect((await one.ask(question)).outcome).to.equal(bypassing('would-have-hit'))
  })

  it('reports the same of pages that lie elsewhere', async () => {
    const site = await shadowed(mine, {}, { store: distantStore() })
    for (const visitor of ['a', 'b', 'a']) await site.ask(as(visitor))
    expect(await reports(site)).to.deep.equal(['leaked?', 'leaked'])
  })

  it('is not noticed when its store fails', async () => {
    const fail = () => {
      throw new Error('gone')
    }
    const site = await shadowed(mine, {}, { store: storeWith(() => ({ peek: () => undefined, read: fail, fill: fail, release: fail })) })
    for (const visitor of ['a', 'b']) {
      const { status, text, outcome } = await site.ask(as(visitor))
      expect([status, text, outcome]).to.deep.equal([200, `hello session=${visitor}`, bypassing('would-have-missed')])
    }
    expect(await reports(site)).to.deep.equal([])
  })

  it('gives way to a policy further in, and wins over one further out', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m', mode: 'shadow' } }))
      app.route('get', '/serve', app.cachePage({ ttl: '1m' }), visit => visit.send(String(site.runs)))
      app.route('get', '/shadow', visit => visit.send(String(site.runs)))
    })
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) expect((await site.ask('/serve')).outcome).to.equal(outcome)
    for (const outcome of ['would-have-missed', 'would-have-been-stale'])
      expect((await site.ask('/shadow')).outcome).to.equal(bypassing(outcome))
    expect(await reports(site)).to.deep.equal(['stale'])
    const other = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.route('get', '/', app.cachePage({ ttl: '1m', mode: 'shadow' }), visit => visit.send('hello'))
    })
    for (const outcome of ['would-have-missed', 'would-have-hit']) expect((await other.ask('/')).outcome).to.equal(bypassing(outcome))
  })

  it('hears what a handler says of its page', async () => {
    const site = await shadowed(visit => {
      visit.cache.tag('a')
      visit.cache.ttl('10s')
      if (visit.request.url === '/never') visit.cache.never()
      visit.send(String(site.runs))
    })
    await site.ask('/')
    expect(site.heard('fill')[0]).to.deep.include({ tags: ['a'], staleAt: site.clock.now() + 10_000 })
    for (let asked = 0; asked < 2; asked++) expect((await site.ask('/never')).outcome).to.equal(bypassing('would-have-missed'))
    await site.cache.invalidate('a')
    expect((await site.ask('/')).outcome).to.equal(bypassing('would-have-missed'))
  })

  it('compares an answer that may not be kept with one that was: who logs in would have been given the page of who had not', async () => {
    const site = await shadowed(visit => {
      const name = visit.asked.get('cookie')
      if (name) visit.set('Cache-Control', 'private')
      visit.send(`hello ${name || 'stranger'}`)
    })
    await site.ask()
    expect((await site.ask(as('a'))).outcome).to.equal(bypassing('would-have-leaked'))
    await site.ask()
    expect(await reports(site)).to.deep.equal(['leaked?', 'leaked'])
  })

  it('compares what is asked by a body, where its policy keeps that', async () => {
    const site = await shadowed(visit => visit.send('hello'), { methods: ['GET', 'QUERY'] })
    const outcomes = []
    for (const body of ['1', '2', '1']) outcomes.push((await site.ask({ method: 'QUERY', body })).outcome)
    expect(outcomes).to.deep.equal(['would-have-missed', 'would-have-missed', 'would-have-hit'].map(bypassing))
  })

  it('compares what is asked for whole, and knows the gates', async () => {
    const site = await shadowed(mine)
    await site.ask(as('a'))
    const outcome = async (headers: Record<string, string>, method = 'GET') => (await site.ask({ method, headers })).outcome
    expect(await outcome({ Range: 'bytes=0-1' })).to.equal(bypassing('not-compared'))
    expect(await outcome({ 'If-None-Match': '"a"' })).to.equal(bypassing('not-compared'))
    expect(await outcome({}, 'HEAD')).to.equal(bypassing('not-compared'))
    expect(await outcome({ Authorization: 'x' })).to.equal(bypassing('authorization'))
    expect(await outcome({}, 'POST')).to.equal('fwd=method')
    expect(await reports(site)).to.deep.equal([])
  })

  it('announces no hit and no miss, for nothing was asked of it', async () => {
    const site = await shadowed(visit => visit.send('hello'))
    for (let asked = 0; asked < 3; asked++) await site.ask()
    expect(site.announced.map(({ signal }) => signal)).to.deep.equal(['fill'])
  })

  it('is explained, with what was found', async () => {
    const site = await shadowed(mine)
    const explanation = async () => site.cache.explain({ url: `http://127.0.0.1:${site.port}/` })
    await site.ask(as('a'))
    const before = await explanation()
    expect([before.outcome, before.policies[0]?.reason]).to.deep.equal(['bypass', 'shadow'])
    expect(before.policies[0]?.shadow).to.deep.equal({ outcome: 'hit', found: undefined })
    await site.ask(as('b'))
    await reports(site)
    const { why, policies } = await explanation()
    expect(policies[0]?.shadow?.found).to.include({ verdict: 'leaked', certain: false })
    expect(why).to.equal(
      'The policy only shadows, so the handler would run; a fresh page is kept and would be served. It was found to have leaked, had it been.',
    )
  })
})

function bypassing(detail: string): string {
  return `fwd=bypass; detail=${detail}`
}
