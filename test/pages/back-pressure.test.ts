import { expect } from 'chai'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { gate } from 'smart-cache/testing'
import type { Step } from './framework.js'
import { describePages } from './frameworks.js'
import type { Site } from './site.js'
import { SlowReader } from './slow-reader.js'

const PART = Buffer.alloc(256 * 1024, 'x')
/** More than sockets on one machine hold between them. */
const PARTS = 64

describePages('A reader who is slow', framework => {
  const bare = (handler: Step) => framework.site(app => app.handle(handler))
  const kept = (handler: Step) => framework.page({ ttl: '1m', maxBody: '32mb' }, handler)
  const refused = (handler: Step) => framework.page({ ttl: '1m', maxBody: '1mb' }, handler)

  async function trace(open: (handler: Step) => Promise<Site>): Promise<string[]> {
    const heard: string[] = []
    const full = gate()
    const site = await open(async visit => {
      const response = visit.raw()
      heard.push(`small: ${response.write('head')}`)
      for (let part = 0; part < 20; part++) heard.push(`medium: ${response.write(Buffer.alloc(1024))}`)
      for (let part = 0; part < PARTS; part++) response.write(PART)
      heard.push(`needs drain: ${response.writableNeedDrain}`)
      full.open()
      await once(response, 'drain')
      heard.push('drain', `needs drain: ${response.writableNeedDrain}`)
      response.end('end')
    })
    const reader = new SlowReader(site)
    await full
    await reader.readUntil('head')
    heard.push('reads on')
    await reader.readOn()
    return heard
  }

  it('is heard by the handler as without a cache', async () => {
    const without = await trace(bare)
    expect(without).to.include.members(['small: true', 'medium: true', 'medium: false', 'needs drain: true', 'reads on', 'drain'])
    expect(without.indexOf('reads on')).to.be.lessThan(without.indexOf('drain'))
    expect(await trace(kept)).to.deep.equal(without)
    expect(await trace(refused)).to.deep.equal(without)
  })

  for (const [what, open] of Object.entries({ 'that is kept': kept, 'that is not kept': refused })) {
    it(`holds back the source of a stream ${what}`, async () => {
      let produced = 0
      const source = new Readable({
        read() {
          produced++
          this.push(produced > PARTS ? null : PART)
        },
      })
      let needsDrain = () => false
      const site = await open(visit => {
        needsDrain = () => visit.response.writableNeedDrain
        visit.stream(source)
      })
      const reader = new SlowReader(site)
      await reader.readUntil('x')
      await site.eventually(() => needsDrain())
      for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
      expect(produced).to.be.lessThan(PARTS)
      const text = await reader.readOn()
      expect(text.length).to.be.greaterThan(PARTS * PART.length)
      expect(produced).to.equal(PARTS + 1)
    })
  }
})
