import { expect } from 'chai'
import { describePages } from './frameworks.js'
import { rawExchange } from './raw-exchange.js'

const REQUEST = 'GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n'

describePages('What belongs to one connection', framework => {
  it('is not replayed: Connection, and what it lists (RFC 9110, 7.6.1)', async () => {
    const site = await framework.page({ ttl: '1m' }, visit =>
      visit
        .set('Connection', 'close, X-Hop')
        .set('X-Hop', 'one')
        .set('Keep-Alive', 'timeout=99')
        .set('Proxy-Connection', 'close')
        .send('hello'),
    )
    const miss = await site.ask()
    expect(miss.headers['x-hop']).to.equal('one')
    const hit = await site.ask()
    expect([hit.text, hit.outcome]).to.deep.equal(['hello', 'hit; ttl=60'])
    expect(hit.headers['connection']).to.equal('keep-alive')
    expect(hit.headers['keep-alive']).to.not.equal('timeout=99')
    for (const name of ['x-hop', 'proxy-connection']) expect([name, hit.headers[name]]).to.deep.equal([name, undefined])
  })

  it('is not replayed: the chunks in which a page came', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const response = visit.raw()
      response.setHeader('Transfer-Encoding', 'chunked')
      response.write('hel')
      response.end('lo')
    })
    expect((await site.ask()).headers['transfer-encoding']).to.equal('chunked')
    const hit = await site.ask()
    expect([hit.text, hit.headers['transfer-encoding'], hit.headers['content-length']]).to.deep.equal(['hello', undefined, '5'])
  })

  it('is not replayed: answers before the answer (RFC 9110, 15.2; RFC 8297)', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      visit.response.writeProcessing()
      visit.response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
      visit.send('hello')
    })
    const miss = await rawExchange(site.port, REQUEST)
    expect(miss.match(/^HTTP\/1\.1 \d+/gm)).to.deep.equal(['HTTP/1.1 102', 'HTTP/1.1 103', 'HTTP/1.1 200'])
    const hit = await rawExchange(site.port, REQUEST)
    expect(hit.match(/^HTTP\/1\.1 \d+/gm)).to.deep.equal(['HTTP/1.1 200'])
    expect(hit).to.include('Cache-Status: smart-cache; hit').and.to.not.include('style.css')
  })
})
