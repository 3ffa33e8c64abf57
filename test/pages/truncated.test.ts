import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { gate } from 'smart-cache/testing'
import type { Step } from './framework.js'
import { describePages } from './frameworks.js'
import { SlowReader } from './slow-reader.js'

describePages('A page that does not come to its end', framework => {
  const announced: readonly (readonly [what: string, length: number])[] = [
    ['longer', 10],
    ['shorter', 3],
  ]
  for (const [what, length] of announced) {
    it(`is not kept: it announced to be ${what}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => {
        const response = visit.raw()
        response.writeHead(200, { 'Content-Length': length })
        response.write('hel')
        response.end('lo')
      })
      for (const run of [1, 2]) {
        expect(await new SlowReader(site).readOn()).to.include('hel')
        expect(site.runs).to.equal(run)
      }
      expect(site.heard('fill')).to.deep.equal([])
      expect(site.heard('refuse').map(({ reason }) => reason)).to.deep.equal(['truncated', 'truncated'])
    })
  }

  it('is not kept: the visitor has gone in the middle', async () => {
    const gone = gate()
    let first = true
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      response.write('first, ')
      if (first) {
        first = false
        response.once('close', () => gone.open())
        await gone
      }
      response.end('last')
    })
    const reader = new SlowReader(site)
    await reader.readUntil('first')
    reader.leave()
    await gone
    await site.eventually(() => site.heard('refuse').length === 1)
    expect(site.heard('refuse').map(({ reason }) => reason)).to.deep.equal(['aborted'])
    expect(site.heard('fill')).to.deep.equal([])
    expect((await site.ask()).text).to.equal('first, last')
    expect((await site.ask()).outcome).to.equal('hit; ttl=60')
  })

  const failing: Readonly<Record<string, Step>> = {
    'its handler throws in the middle': visit => {
      visit.raw().write('first')
      throw new Error('broken')
    },
    'its handler rejects in the middle': async visit => {
      visit.raw().write('first')
      await new Promise(resolve => setImmediate(resolve))
      throw new Error('broken')
    },
    'its handler destroys the response': visit => {
      visit.raw().write('first')
      setImmediate(() => visit.response.destroy())
    },
  }
  for (const [what, handler] of Object.entries(failing)) {
    it(`is not kept: ${what}`, async () => {
      const site = await framework.page({ ttl: '1m' }, handler)
      for (const run of [1, 2]) {
        const reader = new SlowReader(site)
        await reader.readUntil('first')
        reader.leave()
        await site.eventually(() => site.heard('refuse').length === run)
        expect(site.runs).to.equal(run)
      }
      expect(site.heard('fill')).to.deep.equal([])
    })
  }

  it('is not kept: its stream fails in the middle', async () => {
    const sources: PassThrough[] = []
    const site = await framework.page({ ttl: '1m' }, visit => {
      const source = new PassThrough()
      sources.push(source)
      source.on('error', () => visit.response.destroy())
      visit.stream(source)
    })
    for (const run of [1, 2]) {
      const reader = new SlowReader(site)
      await site.eventually(() => sources.length === run)
      sources.at(-1)?.write('first')
      await reader.readUntil('first')
      sources.at(-1)?.destroy(new Error('broken'))
      expect(await reader.readOn()).to.not.include('\r\n0\r\n')
    }
    expect(site.heard('fill')).to.deep.equal([])
    expect(site.heard('refuse')).to.have.length(2)
  })
})
