import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect } from 'chai'
import { startEchoServer } from './echo-server.js'
import type { EchoServer } from './echo-server.js'
import { startFaultProxy } from './fault-proxy.js'
import type { FaultProxy } from './fault-proxy.js'
import { talkTo } from './talker.js'
import type { Talker } from './talker.js'

describe('The fault proxy', () => {
  let echo: EchoServer
  let proxy: FaultProxy
  let client: Talker
  let server: Talker

  beforeEach(async () => {
    echo = await startEchoServer()
    proxy = await startFaultProxy({ port: echo.port })
    ;[client, server] = await connected()
  })

  afterEach(async () => {
    client.socket.destroy()
    await proxy.close()
    await echo.close()
  })

  it('passes on what both sides say, and counts it', async () => {
    client.say('hello')
    expect(await client.hears(5)).to.equal('hello')
    const five = { received: 5, forwarded: 5 }
    expect(proxy.counts).to.deep.equal({ connected: 1, refused: 0, cut: 0, open: 1, toServer: five, toClient: five })
  })

  it('passes on an end after what was said before it', async () => {
    client.socket.end('bye')
    expect(await client.ending).to.equal('end')
    expect(client.heard).to.equal('bye')
    await proxy.when(counts => counts.open === 0)
  })

  it('passes on a reset', async () => {
    client.socket.resetAndDestroy()
    expect(await server.ending).to.equal('ECONNRESET')
    await proxy.when(counts => counts.open === 0)
  })

  it('resets its clients when the server is away', async () => {
    await echo.close()
    echo = await startEchoServer()
    expect(await talkTo(proxy.port).ending).to.equal('ECONNRESET')
  })

  it('gives its port back when closed', async () => {
    const port = proxy.port
    await proxy.close()
    expect(await client.ending).to.equal('ECONNRESET')
    const next = createServer().listen(port, '127.0.0.1')
    await once(next, 'listening')
    next.close()
    await once(next, 'close')
  })

  describe('with a delay', () => {
    it('passes everything on late and in order', async () => {
      proxy.delay(20)
      const start = performance.now()
      client.say('a')
      client.socket.end('b')
      expect(await client.ending).to.equal('end')
      expect(client.heard).to.equal('ab')
      expect(performance.now() - start).to.be.at.least(39)
    })

    it('passes on at once what it held, when the delay is over', async () => {
      proxy.delay(60_000)
      client.say('a')
      await proxy.when(counts => counts.toServer.received === 1)
      proxy.pass()
      client.say('b')
      expect(await client.hears(2)).to.equal('ab')
    })

    it('keeps the order when the delay gets shorter', async () => {
      proxy.delay(60_000, 'toServer')
      client.say('a')
      await proxy.when(counts => counts.toServer.received === 1)
      proxy.delay(5, 'toServer')
      client.say('b')
      expect(await client.hears(2)).to.equal('ab')
    })

    it('can be late in one direction only', async () => {
      proxy.delay(60_000, 'toClient')
      client.say('a')
      await server.hears(1)
      await proxy.when(counts => counts.toClient.received === 1)
      expect(proxy.counts.toClient.forwarded).to.equal(0)
    })
  })

  describe('as a black hole', () => {
    it('keeps connections open, and holds what is said until the fault ends', async () => {
      proxy.drop()
      client.say('hello')
      await proxy.when(counts => counts.toServer.received === 5)
      expect(proxy.counts.toServer.forwarded).to.equal(0)
      expect(proxy.counts.open).to.equal(1)
      proxy.pass()
      expect(await client.hears(5)).to.equal('hello')
    })

    it('swallows new connections, too', async () => {
      proxy.drop()
      const [late, peer] = await connected()
      late.say('hello')
      await proxy.when(counts => counts.toServer.received === 5)
      expect(peer.heard).to.equal('')
      proxy.pass()
      expect(await late.hears(5)).to.equal('hello')
    })

    it('lets the server believe in a client that is gone', async () => {
      proxy.drop()
      client.socket.resetAndDestroy()
      server.say('are you there?')
      await proxy.when(counts => counts.toClient.received === 14)
      expect(server.socket.destroyed).to.equal(false)
      proxy.pass()
      expect(await server.ending).to.equal('ECONNRESET')
    })

    it('can swallow answers only', async () => {
      proxy.drop('toClient')
      client.say('hello')
      expect(await server.hears(5)).to.equal('hello')
      await proxy.when(counts => counts.toClient.received === 5)
      expect(proxy.counts.toClient.forwarded).to.equal(0)
    })

    it('can swallow questions only', async () => {
      proxy.drop('toServer')
      server.say('news')
      client.say('hello')
      expect(await client.hears(4)).to.equal('news')
      await proxy.when(counts => counts.toServer.received === 5)
      expect(proxy.counts.toServer.forwarded).to.equal(0)
    })

    it('loses what it held when the connection is cut', async () => {
      proxy.drop()
      client.say('hello')
      await proxy.when(counts => counts.toServer.received === 5)
      proxy.cut()
      proxy.pass()
      await server.ending
      expect(server.heard).to.equal('')
    })

    it('goes on to the last byte when the receiver is slower than what was held', async () => {
      proxy.drop('toServer')
      client.say('x'.repeat(2 ** 16))
      await proxy.when(counts => counts.toServer.received === 2 ** 16)
      client.say('.')
      await proxy.when(counts => counts.toServer.received === 2 ** 16 + 1)
      proxy.pass()
      expect(await server.hears(2 ** 16 + 1)).to.match(/^x+\.$/)
    })

    it('stops reading when it holds much, and loses nothing of it', async () => {
      const much = '0123456789abcdef'.repeat(2 ** 16)
      proxy.drop('toServer')
      client.say(much)
      await proxy.when(counts => counts.toServer.received > 2 ** 16)
      const [late] = await connected()
      late.say('.')
      const before = proxy.counts.toServer.received
      await proxy.when(counts => counts.toServer.received > before)
      expect(proxy.counts.toServer.received).to.be.below(2 ** 19)
      proxy.pass()
      expect((await client.hears(much.length)) === much).to.equal(true)
    })
  })

  describe('that cuts', () => {
    it('resets both ends of all connections, and takes new ones', async () => {
      const [other] = await connected()
      proxy.cut()
      expect(await Promise.all([client.ending, server.ending, other.ending])).to.deep.equal(['ECONNRESET', 'ECONNRESET', 'ECONNRESET'])
      await proxy.when(counts => counts.open === 0)
      expect(proxy.counts.cut).to.equal(2)
      const [late] = await connected()
      late.say('hello')
      expect(await late.hears(5)).to.equal('hello')
    })

    it('can end one direction only', async () => {
      client.socket.allowHalfOpen = true
      proxy.cut('toClient')
      expect(await client.ending).to.equal('end')
      client.say('hello')
      expect(await server.hears(5)).to.equal('hello')
      await proxy.when(counts => counts.toClient.received === 5)
      expect(proxy.counts.toClient.forwarded).to.equal(0)
    })

    it('can cut a connection while one direction is just ending', async () => {
      proxy.cut('toServer')
      proxy.cut()
      await proxy.when(counts => counts.open === 0)
    })
  })

  describe('that cuts in the middle', () => {
    it('lets so many bytes of the answer through, then the connection is lost', async () => {
      proxy.cutAfter(3)
      client.say('hello')
      expect(await client.ending).to.equal('end')
      expect(client.heard).to.equal('hel')
      expect(await server.ending).to.equal('ECONNRESET')
      expect(server.heard).to.equal('hello')
      expect(proxy.counts.cut).to.equal(1)
    })

    it('counts over several answers', async () => {
      proxy.cutAfter(7)
      client.say('hello')
      await client.hears(5)
      client.say('hello')
      expect(await client.ending).to.equal('end')
      expect(client.heard).to.equal('hellohe')
    })

    it('can let the server do what was asked, and the client not hear of it', async () => {
      proxy.cutAfter(0)
      client.say('hello')
      expect(await client.ending).to.equal('end')
      expect(client.heard).to.equal('')
      expect(server.heard).to.equal('hello')
    })

    it('can let the server hear the half of it', async () => {
      proxy.cutAfter(2, 'toServer')
      client.say('hello')
      expect(await server.ending).to.equal('end')
      expect(server.heard).to.equal('he')
      expect(await client.ending).to.equal('ECONNRESET')
    })

    it('does so on each connection until told otherwise', async () => {
      proxy.cutAfter(1)
      const [late] = await connected()
      late.say('hello')
      await late.ending
      client.say('hello')
      await client.ending
      expect([late.heard, client.heard]).to.deep.equal(['h', 'h'])
      proxy.pass()
      const [healed] = await connected()
      healed.say('hello')
      expect(await healed.hears(5)).to.equal('hello')
    })
  })

  describe('that refuses', () => {
    it('resets new connections, and keeps those there are', async () => {
      proxy.refuse()
      expect(await talkTo(proxy.port).ending).to.equal('ECONNRESET')
      expect([proxy.counts.refused, proxy.counts.open]).to.deep.equal([1, 1])
      client.say('hello')
      expect(await client.hears(5)).to.equal('hello')
    })

    it('takes new connections again when the fault ends', async () => {
      proxy.refuse()
      proxy.pass()
      const [late] = await connected()
      late.say('hello')
      expect(await late.hears(5)).to.equal('hello')
    })
  })

  async function connected(): Promise<[Talker, Talker]> {
    const accepted = echo.accepts()
    const talker = talkTo(proxy.port)
    return [talker, await accepted]
  }
})
