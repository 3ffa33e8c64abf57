import { expect } from 'chai'
import { gate, type Gate } from 'smart-cache/testing'
import type { Policy } from './framework.js'
import { describeHits } from './frameworks.js'

describeHits('With refreshAhead a page', framework => {
  const AHEAD: Policy = { ttl: '10m', refreshAhead: 0.8 }

  it('is refreshed once before its time is over, while everybody is served what is kept', async () => {
    let version = 1
    let held: Gate | undefined
    const site = await framework.page(AHEAD, async visit => {
      const read = version
      await held
      visit.send(`version ${read}`)
    })
    await site.ask()
    site.clock.advance('7m')
    for (let asked = 0; asked < 20; asked++) expect((await site.ask()).outcome).to.equal('hit; ttl=180')
    expect(site.runs).to.equal(1)
    version = 2
    held = gate()
    site.clock.advance('2m')
    for (let asked = 0; asked < 100 && site.runs < 2; asked++) {
      const reply = await site.ask()
      expect([reply.text, reply.outcome]).to.deep.equal(['version 1', 'hit; ttl=60'])
    }
    for (let asked = 0; asked < 20; asked++) expect((await site.ask()).text).to.equal('version 1')
    expect(site.runs).to.equal(2)
    held.open()
    await site.eventually(() => site.heard('fill').length === 2)
    expect((await site.ask()).text).to.equal('version 2')
  })
})

describe('The timeouts of values', () => {
  for (const option of ['loadTimeout', 'softTimeout']) {
    it(`are no options of pages: ${option}`, async () => {
      const { cachePage } = await import('smart-cache/express')
      expect(() => cachePage({ [option]: '1s' })).to.throw(`cachePage() has no option \`${option}\``)
    })
  }
})
