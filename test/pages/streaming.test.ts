import { expect } from 'chai'
import { PassThrough, Readable } from 'node:stream'
import { gate } from 'smart-cache/testing'
import type { Step } from './framework.js'
import { describePages } from './frameworks.js'
import { SlowReader } from './slow-reader.js'

describePages('A page in parts', framework => {
  it('leaves from its first byte, while the handler still writes', async () => {
    const rest = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      response.write('first, ')
      await rest
      response.end('last')
    })
    const reader = new SlowReader(site)
    await reader.readUntil('first')
    expect(site.heard('fill')).to.deep.equal([])
    rest.open()
    expect(await reader.readOn()).to.include('last')
    expect((await site.ask()).text).to.equal('first, last')
    expect(site.runs).to.equal(1)
  })

  it('leaves from its first byte, while a stream still comes', async () => {
    const source = new PassThrough()
    const site = await framework.page({ ttl: '1m' }, visit => visit.stream(source))
    const reader = new SlowReader(site)
    source.write('first, ')
    await reader.readUntil('first')
    source.end('last')
    expect(await reader.readOn()).to.include('last')
    expect((await site.ask()).text).to.equal('first, last')
    expect(site.runs).to.equal(1)
  })

  it('leaves with its head alone, if the handler sends that first', async () => {
    const rest = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      response.setHeader('X-Own', 'yes')
      response.flushHeaders()
      await rest
      response.end('hello')
    })
    const reader = new SlowReader(site)
    await reader.readUntil('X-Own: yes')
    rest.open()
    await reader.readOn()
    expect((await site.ask()).text).to.equal('hello')
  })

  it('is kept as it was written, though the handler uses its buffer again', async () => {
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      const buffer = Buffer.alloc(5)
      for (const word of ['hello', 'world', 'again']) {
        buffer.write(word)
        await new Promise(resolve => response.write(buffer, resolve))
        buffer.fill('-')
      }
      buffer.write('final')
      await new Promise<void>(resolve => response.end(buffer, resolve))
      buffer.fill('-')
    })
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).text).to.equal('helloworldagainfinal')
    expect(site.runs).to.equal(1)
  })

  it('is kept as it was sent, though the handler changes the Buffer it has sent', async () => {
    const bytes = Buffer.from('hello')
    const site = await framework.page({ ttl: '1m' }, visit => visit.send(bytes))
    await site.ask()
    bytes.fill('-')
    expect((await site.ask()).text).to.equal('hello')
  })

  it('is kept whole when it comes in very many parts', async () => {
    const parts = Array.from({ length: 5_000 }, (_, at) => `${at},`)
    const site = await framework.page({ ttl: '1m' }, visit => visit.stream(Readable.from(parts.map(part => Buffer.from(part)))))
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).text).to.equal(parts.join(''))
  })

  const encodings: Step = visit => {
    const response = visit.raw()
    response.write('68656c', 'hex')
    response.write(new Uint8Array([108, 111]))
    response.write('', 'utf8')
    response.write('LCA=', 'base64')
    response.write('Gr\xfc\xdfe', 'latin1')
    response.end()
  }
  it('is kept byte for byte in whatever encoding it was written', async () => {
    const site = await framework.page({ ttl: '1m' }, encodings)
    const miss = await site.ask()
    expect(miss.body.toString('latin1')).to.equal('hello, Gr\xfc\xdfe')
    expect((await site.ask()).body.equals(miss.body)).to.equal(true)
  })

  it('tells the handler that it has left', async () => {
    const told: string[] = []
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      await new Promise<void>(resolve => response.write('hel', () => resolve()))
      told.push('written')
      response.once('finish', () => told.push('finish'))
      response.end('lo', () => told.push('ended'))
    })
    await site.ask()
    expect(told.toSorted()).to.deep.equal(['ended', 'finish', 'written'])
  })

  it('is not kept with trailers, announced or not', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const response = visit.raw()
      response.write('hello')
      response.addTrailers({ 'X-Sum': '5' })
      response.end()
    })
    for (const run of [1, 2]) {
      await site.ask()
      expect(site.runs).to.equal(run)
    }
  })
})
