import { expect } from 'chai'
import { createCache, type Explanation, type Question } from 'smart-cache'
import { describeHits } from './frameworks.js'
import type { Visit } from './framework.js'
import type { Site } from './site.js'

const NOT_KEPT = { key: undefined, found: [], front: false, entry: undefined, shadow: undefined }
const NOT_KEPT_YET = { ...NOT_KEPT, reason: 'absent' }

describeHits('An explanation', framework => {
  const explained = (site: Site, path: string, more: Exclude<Question, string> = {}) =>
    site.cache.explain({ url: `http://127.0.0.1:${site.port}${path}`, ...more })

  it('says what is kept for a URL, under which key and for how long, and does nothing', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1h', tags: ['a'] }, visit => visit.send('hello'))
    await site.ask('/page?b=2&a=1')
    const heard = site.announced.length
    const { outcome, url, method, policies } = await explained(site, '/page?a=1&b=2')
    expect([outcome, url, method, policies.length]).to.deep.equal(['hit', '/page?a=1&b=2', 'GET', 1])
    const now = site.clock.now()
    const { key, reason, entry } = policies[0] ?? NOT_KEPT_YET
    expect([key, reason]).to.deep.equal([site.heard('fill')[0]?.key, undefined])
    expect(entry).to.include({ createdAt: now, staleAt: now + 60_000, staleUntil: now + 3_660_000, errorUntil: now + 60_000 })
    expect(entry).to.include({ deleteAt: now + 3_660_000, revalidates: false })
    expect(entry?.tags).to.deep.equal(['a'])
    expect([site.announced.length, site.runs]).to.deep.equal([heard, 1])
  })

  it('follows the page through its life', async () => {
    const site = await framework.page({ ttl: '1m', grace: '1m' }, visit => visit.send('hello'))
    const outcome = async () => {
      const { policies, ...rest } = await explained(site, '/')
      return [rest.outcome, policies[0]?.reason]
    }
    expect(await outcome()).to.deep.equal(['unknown', undefined])
    await site.ask()
    expect(await outcome()).to.deep.equal(['hit', undefined])
    site.clock.advance('90s')
    expect(await outcome()).to.deep.equal(['stale', 'expired'])
    site.clock.advance('90s')
    expect((await outcome())[0]).to.equal('miss')
    await site.cache.invalidate({ url: '/' })
    expect(await outcome()).to.deep.equal(['miss', 'absent'])
    expect((await explained(site, '/')).why).to.equal('Nothing is kept: the handler would run.')
  })

  it('takes scheme and host from the last request for the path, where it is asked for a path alone', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    await site.ask({ path: '/', headers: { Host: 'shop.example' } })
    expect((await site.cache.explain('/')).outcome).to.equal('hit')
    expect((await site.cache.explain('http://other.example/')).outcome).to.equal('miss')
  })

  it('knows variants, declared and found', async () => {
    const site = await framework.page({ ttl: '1m', vary: { cookies: ['kind'] } }, visit =>
      visit.set('Vary', 'Accept-Language').send('hello'),
    )
    const headers = { Cookie: 'kind=a', 'Accept-Language': 'de' }
    await site.ask({ headers })
    const hit = await explained(site, '/', { headers })
    expect([hit.outcome, hit.policies[0]?.found]).to.deep.equal(['hit', ['accept-language']])
    expect(hit.policies[0]?.key).to.not.include('kind=a')
    for (const other of [{ ...headers, Cookie: 'kind=b' }, { ...headers, 'Accept-Language': 'fr' }, {}]) {
      expect((await explained(site, '/', { headers: other })).outcome).to.equal('miss')
    }
  })

  it('heeds what a request says of the age of its answer, where the policy does', async () => {
    for (const requestDirectives of [true, false]) {
      const site = await framework.page({ ttl: '1m', grace: '1h', requestDirectives }, visit => visit.send('hello'))
      const asking = async (control: string) => {
        const { outcome, policies, why } = await explained(site, '/', { headers: { 'Cache-Control': control } })
        return [outcome, policies[0]?.reason, why]
      }
      await site.ask()
      const unwelcome = ['miss', 'request-directive', 'What is kept will not do, by the request’s Cache-Control: the handler would run.']
      const unwanted = ['miss', 'only-if-cached', 'Nothing that is kept will do, and the request wants nothing else: it would get 504.']
      const hit = ['hit', undefined, (await explained(site, '/')).why]
      site.clock.advance('10s')
      for (const control of ['no-cache', 'max-age=5', 'min-fresh=55'])
        expect(await asking(control)).to.deep.equal(requestDirectives ? unwelcome : hit)
      for (const control of ['max-age=20', 'no-store', 'only-if-cached']) expect(await asking(control)).to.deep.equal(hit)
      expect(await asking('only-if-cached, no-cache')).to.deep.equal(requestDirectives ? unwanted : hit)
      site.clock.advance('60s')
      expect((await asking('max-age=300'))[0]).to.equal(requestDirectives ? 'miss' : 'stale')
      expect((await asking('max-stale'))[0]).to.equal('stale')
      if (requestDirectives) expect(await asking('only-if-cached')).to.deep.equal(unwanted)
      // It is as it was said.
      for (const control of ['only-if-cached', 'no-cache']) {
        const { status, outcome } = await site.ask({ headers: { 'Cache-Control': control } })
        if (requestDirectives)
          expect([status, outcome]).to.deep.equal(control === 'no-cache' ? [200, 'fwd=uri-miss'] : [504, 'detail=only-if-cached'])
      }
    }
  })

  it('knows what is kept beyond its freshness, and for what', async () => {
    const site = await framework.page({ honor: 'origin', staleIfError: '1h' }, visit =>
      visit.set('ETag', '"own"').set('Cache-Control', 'max-age=60').send('hello'),
    )
    await site.ask()
    site.clock.advance('2h')
    const now = site.clock.now()
    const { outcome, why, policies } = await explained(site, '/')
    expect([outcome, policies[0]?.reason]).to.deep.equal(['miss', 'expired'])
    expect(why).to.equal('What is kept has expired: the handler would be asked whether it still holds.')
    const staleAt = now - 7_200_000 + 60_000
    expect(policies[0]?.entry).to.include({ staleAt, staleUntil: staleAt, errorUntil: staleAt + 3_600_000, revalidates: true })
    expect(policies[0]?.entry?.deleteAt).to.equal(staleAt + 86_400_000)
  })

  it('names the gate that is closed', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    await site.ask()
    const rows: readonly (readonly [gate: string, question: Exclude<Question, string>])[] = [
      ['authorization', { headers: { Authorization: 'x' } }],
      ['method', { method: 'DELETE' }],
      ['method-override', { headers: { 'x-http-method-override': 'PUT' } }],
      ['body', { headers: { 'Content-Length': '1' } }],
    ]
    for (const [gate, question] of rows) {
      const { outcome, policies, why } = await explained(site, '/', question)
      expect([outcome, policies]).to.deep.equal(['bypass', [{ ...NOT_KEPT, outcome: 'bypass', reason: gate }]])
      expect(why).to.equal(`The cache is not asked: ${gate}.`)
    }
  })

  it('of the policies that are asked one after the other is that of the first that would serve, or of the innermost', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.route('get', '/own', app.cachePage({ ttl: '1m', vary: { query: ['a'] } }), visit => visit.send('own'))
    })
    await site.ask('/own?a=1')
    const { outcome, policies } = await explained(site, '/own?a=1&b=2')
    expect([outcome, ...policies.map(policy => policy.outcome)]).to.deep.equal(['hit', 'miss', 'hit'])
  })

  it('of a policy with functions needs a request that has come, such as the one a handler has', async () => {
    let within: Explanation | undefined
    const ask = async (visit: Visit) => {
      within = await visit.cache.cache.explain(visit.asked)
      visit.send('hello')
    }
    const site = await framework.page({ ttl: '1m', vary: { user: ({ headers }) => headers['x-user'] } }, ask)
    await site.ask({ headers: { 'X-User': '7' } })
    expect([within?.outcome, within?.policies[0]?.reason]).to.deep.equal(['miss', 'absent'])
    expect(within?.policies[0]?.key ?? site.heard('fill')[0]?.key).to.equal(site.heard('fill')[0]?.key)
    const { outcome, policies } = await explained(site, '/', { headers: { 'X-User': '7' } })
    expect([outcome, policies[0]?.reason]).to.deep.equal(['unknown', 'needs-request'])
  })
})

describe('An explanation', () => {
  it('is refused for what is no request, and where there are no pages', async () => {
    const error = await createCache()
      .explain('/')
      .catch((thrown: unknown) => String(thrown))
    expect(error).to.equal('ConfigError: There are no pages to explain: no smartCache() uses this cache')
  })
})
