import { expect } from 'chai'
import type { OutgoingHttpHeaders } from 'node:http'
import { describeHits } from './frameworks.js'

describeHits('A page that varies on headers by its policy', framework => {
  const rows: readonly (readonly [first: OutgoingHttpHeaders, second: OutgoingHttpHeaders, same: boolean])[] = [
    [{}, {}, true],
    [{ 'X-Device': 'phone' }, { 'x-device': 'phone' }, true],
    [{ 'X-Device': 'phone' }, { 'X-Device': 'Phone' }, false],
    [{ 'X-Device': 'phone' }, {}, false],
    [{ 'X-Device': '' }, {}, false],
    [{ 'X-Device': 'phone' }, { 'X-Device': ['phone', 'desk'] }, false],
    [{ 'X-Device': 'phone', 'X-Other': '1' }, { 'X-Device': 'phone', 'X-Other': '2' }, true],
    [{ 'X-Device': 'a', 'Accept-Language': 'b' }, { 'X-Device': 'b', 'Accept-Language': 'a' }, false],
    [{ 'X-Device': 'a,b' }, { 'X-Device': 'a', 'Accept-Language': 'b' }, false],
    [{ 'X-Device': '","' }, { 'X-Device': '"' }, false],
    [{ 'Accept-Language': 'de' }, { 'X-Device': 'de' }, false],
  ]
  for (const [first, second, same] of rows) {
    it(`is ${same ? 'one' : 'two'} for ${JSON.stringify(first)} and ${JSON.stringify(second)}`, async () => {
      const site = await framework.page({ ttl: '1m', vary: { headers: ['X-Device', 'accept-language'] } }, visit => visit.send('hello'))
      await site.ask({ headers: first })
      await site.ask({ headers: second })
      expect(site.runs).to.equal(same ? 1 : 2)
    })
  }

  it('says so in its Vary field, on a miss and on a hit', async () => {
    const site = await framework.page({ ttl: '1m', vary: { headers: ['X-Device'], cookies: ['session'] } }, visit =>
      visit.set('Vary', 'Accept-Language').send('hello'),
    )
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=60']) {
      const reply = await site.ask()
      expect(reply.outcome).to.equal(outcome)
      expect(reply.headers['vary']?.toLowerCase().split(', ').toSorted()).to.deep.equal(['accept-language', 'cookie', 'x-device'])
    }
  })

  it('names each field in Vary once, in the spelling of the page', async () => {
    const site = await framework.page({ ttl: '1m', vary: { headers: ['accept-language'] } }, visit =>
      visit.set('Vary', 'Accept-Language, ACCEPT-LANGUAGE').send('hello'),
    )
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).headers['vary']).to.equal('Accept-Language')
  })

  it('keeps what outer middleware puts into Vary', async () => {
    const site = await framework.site(app => {
      app.use(
        app.step(visit => visit.set('Vary', 'Origin')),
        app.smartCache(),
        app.cachePage({ ttl: '1m', vary: { headers: ['X-Device'] } }),
      )
      app.handle(visit => visit.send('hello'))
    })
    for (let asked = 0; asked < 3; asked++) {
      const { headers } = await site.ask()
      expect(headers['vary']?.toLowerCase().split(', ').toSorted()).to.deep.equal(['origin', 'x-device'])
    }
    expect(site.runs).to.equal(1)
  })

  it('is kept for requests with Authorization if that is one of them, for each apart', async () => {
    const site = await framework.page({ ttl: '1m', vary: { headers: ['Authorization'] } }, visit =>
      visit.send(`for ${String(visit.request.headers.authorization)}`),
    )
    for (const headers of [{ Authorization: 'Bearer a' }, { Authorization: 'Bearer b' }, {}]) {
      for (let asked = 0; asked < 2; asked++)
        expect((await site.ask({ headers })).text).to.equal(`for ${headers.Authorization ?? 'undefined'}`)
    }
    expect(site.runs).to.equal(3)
  })
})
