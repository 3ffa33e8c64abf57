import { expect } from 'chai'
import type { OutgoingHttpHeaders } from 'node:http'
import { rawExchange } from './raw-exchange.js'
import { describeHits } from './frameworks.js'

describeHits('What can change a page without being in its URL', framework => {
  const HOST = 'shop.example'

  const headers: readonly (readonly [first: OutgoingHttpHeaders, second: OutgoingHttpHeaders, same: boolean])[] = [
    [{ Host: 'a.example' }, { Host: 'b.example' }, false],
    [{ Host: 'a.example' }, { Host: 'a.example:8080' }, false],
    [{ Host: 'a.example' }, { Host: 'A.example' }, false],
    [{}, { 'X-Forwarded-Host': 'evil.example' }, false],
    [{ 'X-Forwarded-Host': 'a.example' }, { 'X-Forwarded-Host': 'b.example' }, false],
    [{}, { 'X-Forwarded-Proto': 'https' }, false],
    [{}, { 'X-Forwarded-Port': '8443' }, false],
    [{}, { 'X-Forwarded-Prefix': '/evil' }, false],
    [{}, { 'X-Forwarded-Scheme': 'nothttps' }, false],
    [{}, { 'X-Forwarded-Server': 'evil.example' }, false],
    [{}, { 'X-Forwarded-SSL': 'on' }, false],
    [{}, { 'X-Host': 'evil.example' }, false],
    [{}, { 'X-Original-Host': 'evil.example' }, false],
    [{}, { 'X-Original-URL': '/admin' }, false],
    [{}, { 'X-Rewrite-URL': '/admin' }, false],
    [{}, { 'X-Override-URL': '/admin' }, false],
    [{}, { Forwarded: 'host=evil.example' }, false],
    [{ Forwarded: 'host=a.example' }, { Forwarded: 'for=1.2.3.4; Host="evil.example"' }, false],
    [{ Forwarded: 'proto=https;for=1.2.3.4' }, { Forwarded: 'for=5.6.7.8;proto=https' }, true],
    [{ 'X-Forwarded-For': '1.2.3.4' }, { 'X-Forwarded-For': '5.6.7.8' }, true],
    [{ 'User-Agent': 'a' }, { 'User-Agent': 'b' }, true],
  ]
  for (const [first, second, same] of headers) {
    it(`${JSON.stringify(first)} and ${JSON.stringify(second)} get ${same ? 'one page' : 'two pages'}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
      await site.ask({ headers: { Host: HOST, ...first } })
      await site.ask({ headers: { Host: HOST, ...second } })
      expect(site.runs).to.equal(same ? 1 : 2)
      expect((await site.ask({ headers: { Host: HOST, ...first } })).outcome).to.equal('hit; ttl=60')
    })
  }

  it('a proxy that is trusted decides on host and scheme', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'), { proxy: true })
    const forwarded = { 'X-Forwarded-Host': 'a.example', 'X-Forwarded-Proto': 'https' }
    await site.ask({ headers: forwarded })
    await site.ask({ headers: forwarded })
    expect(site.runs).to.equal(1)
    await site.ask({ headers: { ...forwarded, 'X-Forwarded-Proto': 'http' } })
    await site.ask({ headers: { ...forwarded, 'X-Forwarded-Host': 'b.example' } })
    expect(site.runs).to.equal(3)
  })

  for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
    it(`${name} keeps the request from the cache`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`by ${String(visit.request.headers[name.toLowerCase()])}`))
      await site.ask()
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask({ headers: { [name]: 'DELETE' } })
        expect(reply.text).to.equal('by DELETE')
        expect(reply.outcome).to.equal('fwd=bypass; detail=method-override')
      }
      expect((await site.ask()).text).to.equal('by undefined')
    })
  }

  const fat: Readonly<Record<string, OutgoingHttpHeaders>> = {
    'with a length': { 'Content-Length': '6' },
    'in chunks': { 'Transfer-Encoding': 'chunked' },
  }
  for (const [way, framing] of Object.entries(fat)) {
    it(`a GET with a body ${way} keeps the request from the cache`, async () => {
      const site = await framework.page({ ttl: '1m' }, async visit => {
        let sent = ''
        for await (const chunk of visit.request) sent += String(chunk)
        visit.send(`got ${sent}`)
      })
      const reply = await site.ask({ headers: framing, body: 'id=evil'.slice(0, 6) })
      expect(reply.text).to.equal('got id=evi')
      expect(reply.outcome).to.equal('fwd=bypass; detail=body')
      expect((await site.ask()).text).to.equal('got ')
      expect(site.runs).to.equal(2)
    })
  }

  it('a GET that announces an empty body is a GET', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    await site.ask({ headers: { 'Content-Length': '0' } })
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  const paths: readonly (readonly [first: string, second: string])[] = [
    ['/a', '/a/'],
    ['/a', '//a'],
    ['/a/b', '/a//b'],
    ['/a.b', '/a%2eb'],
    ['/a/b', '/a%2fb'],
    ['/a/b', '/a/./b'],
    ['/b', '/a/../b'],
    ['/b', '/a/%2e%2e/b'],
    ['/a', '/A'],
    ['/a', '/a;x=1'],
    ['/a', '/a%00'],
    ['/a', '/a%3f'],
    ['/a?b', '/a%3fb'],
    ['/a', '/a\\'],
    ['/caf%c3%a9', '/caf%C3%A9'],
  ]
  for (const [first, second] of paths) {
    it(`the paths ${first} and ${second} get two pages`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`for ${visit.request.url}`))
      expect((await site.ask(first)).text).to.equal(`for ${first}`)
      expect((await site.ask(second)).text).to.equal(`for ${second}`)
      expect(site.runs).to.equal(2)
    })
  }

  const odd: Readonly<Record<string, string>> = {
    'an absolute target': 'GET http://evil.example/ HTTP/1.1\r\nHost: shop.example\r\n',
    'a host with a path': 'GET / HTTP/1.1\r\nHost: shop.example/evil\r\n',
    'a host with a question': 'GET / HTTP/1.1\r\nHost: shop.example?evil\r\n',
    'a host with spaces': 'GET / HTTP/1.1\r\nHost: shop.example evil\r\n',
    'a host with a user': 'GET / HTTP/1.1\r\nHost: user@shop.example\r\n',
    'an empty host': 'GET / HTTP/1.1\r\nHost: \r\n',
  }
  for (const [what, head] of Object.entries(odd)) {
    it(`${what} gets no page that others get, and leaves none`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`to ${String(visit.request.headers.host)}`))
      const plain = () => site.ask({ headers: { Host: 'shop.example' } })
      await rawExchange(site.port, `${head}Connection: close\r\n\r\n`)
      expect((await plain()).text).to.equal('to shop.example')
      await rawExchange(site.port, `${head}Connection: close\r\n\r\n`)
      const kept = await plain()
      expect([kept.text, kept.outcome]).to.deep.equal(['to shop.example', 'hit; ttl=60'])
    })
  }

  it('an absolute target of the same text as a path of another host gets a page of its own', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send(`for ${visit.request.url}`))
    await site.ask({ path: '/', headers: { Host: 'evil.example' } })
    const reply = await rawExchange(site.port, 'GET http://evil.example/ HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n')
    expect(reply).to.include('for http://evil.example/')
    expect(reply).to.include('Cache-Status: smart-cache; fwd=bypass; detail=target')
  })

  it('a fragment, which no client sends, keeps the request from the cache', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send(`for ${visit.request.url}`))
    for (const path of ['/a#b', '/a?c=1#b', '/a#b?c=1']) {
      await rawExchange(site.port, `GET ${path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n`)
    }
    expect(site.heard('fill')).to.deep.equal([])
  })

  it('an upgrade keeps the request from the cache', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    await site.ask()
    const reply = await rawExchange(
      site.port,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${site.port}\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n`,
      text => text.includes('hello'),
    )
    expect(reply).to.include('Cache-Status: smart-cache; fwd=bypass; detail=upgrade')
  })
})
