import { expect } from 'chai'
import { Readable } from 'node:stream'
import type { Step } from './framework.js'
import { describePages } from './frameworks.js'

describePages('A body beyond maxBody', framework => {
  const parts = (length: number) => Readable.from(Array.from({ length }, () => Buffer.alloc(100, 'x')))
  const ways: Readonly<Record<string, (bytes: number) => Step>> = {
    'that is sent at once': bytes => visit => visit.send(Buffer.alloc(bytes, 'x')),
    'that announces its length': bytes => visit => {
      visit.raw().writeHead(200, { 'Content-Length': bytes })
      visit.response.write(Buffer.alloc(bytes / 2, 'x'))
      visit.response.end(Buffer.alloc(bytes / 2, 'x'))
    },
    'that is written in parts': bytes => visit => {
      const response = visit.raw()
      for (let part = 0; part < bytes / 100; part++) response.write(Buffer.alloc(100, 'x'))
      response.end()
    },
    'that is streamed': bytes => visit => visit.stream(parts(bytes / 100)),
  }
  for (const [way, handlerOf] of Object.entries(ways)) {
    it(`${way} is passed on whole, and not kept`, async () => {
      const site = await framework.page({ ttl: '1m', maxBody: 1000 }, handlerOf(1200))
      for (const run of [1, 2]) {
        const reply = await site.ask()
        expect(reply.body).to.have.length(1200)
        expect(site.runs).to.equal(run)
      }
      expect(site.heard('refuse').map(({ reason }) => reason)).to.deep.equal(['max-body', 'max-body'])
    })

    it(`${way} and just fits is kept`, async () => {
      const site = await framework.page({ ttl: '1m', maxBody: 1000 }, handlerOf(1000))
      await site.ask()
      const hit = await site.ask()
      expect(hit.body).to.have.length(1000)
      expect(site.runs).to.equal(1)
    })
  }

  it('is one of 8 MiB if nothing is said', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send(Buffer.alloc(Number(visit.asked.path.slice(1)))))
    await site.ask(`/${8 * 1024 ** 2}`)
    expect((await site.ask(`/${8 * 1024 ** 2}`)).outcome).to.equal('hit; ttl=60')
    expect((await site.ask(`/${8 * 1024 ** 2 + 1}`)).outcome).to.equal('fwd=uri-miss; detail=max-body')
  })
})
