import { expect } from 'chai'
import Koa from 'koa'
import { connect as connectHttp2, createServer as createHttp2Server, type IncomingHttpHeaders } from 'node:http2'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { createCache } from 'smart-cache'
import { smartCache } from 'smart-cache/koa'
import { gate } from 'smart-cache/testing'
import { describePages } from '../pages/frameworks.js'
import { rawExchange } from '../pages/raw-exchange.js'
import { settled, visitorOf } from './visitor.js'

function asking(path: string, visitor: string, last = false): string {
  return `GET ${path} HTTP/1.1\r\nHost: shop.example\r\nX-Visitor: ${visitor}\r\n${last ? 'Connection: close\r\n' : ''}\r\n`
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await new Promise(resolve => socket.once('connect', resolve))
  return socket
}

describePages('On one connection', framework => {
  it('requests that follow each other without waiting get their own pages, in order', async () => {
    const site = await framework.page({ ttl: '1m', vary: { headers: ['X-Visitor'] } }, async visit => {
      await settled()
      visit.send(`[${visitorOf(visit)} ${visit.request.url}]`)
    })
    const visitors = ['ann', 'bob', 'ann', 'cid', 'bob', 'ann']
    for (let turn = 0; turn < 2; turn++) {
      const text = await rawExchange(site.port, visitors.map((visitor, at) => asking('/', visitor, at === visitors.length - 1)).join(''))
      expect(text.match(/\[\w+ \/\]/g)).to.deep.equal(visitors.map(visitor => `[${visitor} /]`))
    }
    expect(site.runs).to.equal(3)
  })

  it('what one visitor is given goes with the next request nowhere', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      if (visitorOf(visit) === 'ann') visit.set('Set-Cookie', 'session=ann').set('X-Own', 'ann').set('Cache-Control', 'private')
      visit.send(`[${visitorOf(visit)}]`)
    })
    const text = await rawExchange(site.port, asking('/', 'ann') + asking('/', 'bob') + asking('/', 'cid', true))
    const [, ofBob, ofCid] = text.split('HTTP/1.1 200 OK').slice(1)
    expect(ofBob)
      .to.include('[bob]')
      .and.not.match(/ann|session/)
    expect(ofCid)
      .to.match(/\[(bob|cid)\]/)
      .and.not.match(/ann|session/)
  })

  it('a hit, a miss and an answer that is not kept leave no bytes behind', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      if (visit.request.url === '/own') visit.set('Cache-Control', 'no-store')
      visit.send(`[${visit.request.url}]`.padEnd(3_000, '.'))
    })
    const paths = ['/a', '/own', '/a', '/b', '/own', '/b', '/a']
    const text = await rawExchange(site.port, paths.map((path, at) => asking(path, 'ann', at === paths.length - 1)).join(''))
    const bodies = text
      .split('HTTP/1.1 200 OK')
      .slice(1)
      .map(part => part.slice(part.indexOf('\r\n\r\n') + 4))
    expect(bodies).to.deep.equal(paths.map(path => `[${path}]`.padEnd(3_000, '.')))
  })
})

describePages('A visitor who goes', framework => {
  it('before the answer leaves it to the next', async () => {
    const first = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      if (site.runs === 1) await first
      visit.send(`made in run ${site.runs}`)
    })
    const socket = await connected(site.port)
    socket.write(asking('/', 'ann'))
    while (site.runs === 0) await settled()
    const next = site.ask({ headers: { Host: 'shop.example' } })
    await settled()
    socket.destroy()
    expect((await next).text).to.equal('made in run 2')
    first.open()
    await settled()
    expect((await site.ask({ headers: { Host: 'shop.example' } })).text).to.equal('made in run 2')
    expect(site.runs).to.equal(2)
  })

  it('in the middle of the body leaves no part of it', async () => {
    const rest = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const raw = visit.raw()
      raw.write('the first part, ')
      if (site.runs === 1) await rest
      raw.end('and the rest')
    })
    const socket = await connected(site.port)
    socket.write(asking('/', 'ann'))
    await new Promise(resolve => socket.once('data', resolve))
    socket.destroy()
    await settled()
    rest.open()
    await settled()
    for (let turn = 0; turn < 2; turn++) {
      expect((await site.ask({ headers: { Host: 'shop.example' } })).text).to.equal('the first part, and the rest')
    }
  })

  it('while an earlier answer of the same connection is awaited leaves the page to others', async () => {
    const slow = gate()
    const site = await framework.page({ ttl: '1m', waitTimeout: '1h' }, async visit => {
      if (visit.request.url === '/slow') {
        await slow
        return visit.send('slow')
      }
      return visit.stream(Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(16_384, '.'))))
    })
    const socket = await connected(site.port)
    socket.write(asking('/slow', 'ann') + asking('/large', 'ann'))
    while (site.runs < 2) await settled()
    socket.destroy()
    await settled()
    expect((await site.ask({ path: '/large', headers: { Host: 'shop.example' } })).text).to.have.length(64 * 16_384)
    slow.open()
  })
})

describePages('A visitor who reads nothing', framework => {
  it('keeps others waiting once, and not each of them anew', async () => {
    const site = await framework.page({ ttl: '1m', waitTimeout: 50 }, visit =>
      visit.stream(Readable.from(Array.from({ length: 400 }, () => Buffer.alloc(16_384, '.')))),
    )
    const socket = await connected(site.port)
    socket.pause()
    socket.write(asking('/', 'ann'))
    while (site.runs === 0) await settled()
    const outcomes: string[] = []
    for (let turn = 0; turn < 4; turn++) outcomes.push((await site.ask({ headers: { Host: 'shop.example' } })).outcome)
    socket.destroy()
    expect(outcomes[0]).to.equal('fwd=bypass; detail=wait-timeout')
    expect(outcomes.slice(1)).to.deep.equal(['fwd=uri-miss', 'hit; ttl=60', 'hit; ttl=60'])
  })
})

describe('A Koa page over HTTP/2', () => {
  it('is answered, and each time anew', async () => {
    let runs = 0
    const app = new Koa()
    app.use(smartCache({ cache: createCache(), pages: { ttl: '1m' } }))
    app.use(context => {
      runs++
      context.body = `[${context.get('X-Visitor')}]`
    })
    const server = createHttp2Server(app.callback())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const client = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    for (const visitor of ['ann', 'bob']) {
      const stream = client.request({ ':path': '/', 'x-visitor': visitor })
      const headers = await new Promise<IncomingHttpHeaders>(resolve => stream.once('response', resolve))
      const chunks = await stream.toArray()
      expect(headers[':status']).to.equal(200)
      expect(headers['cache-status']).to.equal('smart-cache; fwd=bypass; detail=http-version')
      expect(Buffer.concat(chunks as Buffer[]).toString()).to.equal(`[${visitor}]`)
    }
    expect(runs).to.equal(2)
    client.close()
    await new Promise(resolve => server.close(resolve))
  })
})
