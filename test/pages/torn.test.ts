import { expect } from 'chai'
import { Readable } from 'node:stream'
import { gate } from 'smart-cache/testing'
import type { Step } from './framework.js'
import { describePages } from './frameworks.js'
import { SlowReader } from './slow-reader.js'

const PART = Buffer.alloc(64 * 1024, 'part ')
const PARTS = 8

/** How a page comes to no good end after so many of its parts have been handed to the response. */
const TEARS: Readonly<Record<string, (parts: number) => Step>> = {
  'its handler throws': parts => visit => {
    for (let part = 0; part < parts; part++) visit.raw().write(PART)
    throw new Error('broken')
  },
  'its handler rejects later': parts => async visit => {
    for (let part = 0; part < parts; part++) visit.raw().write(PART)
    await new Promise(resolve => setImmediate(resolve))
    throw new Error('broken')
  },
  'its handler destroys the response': parts => visit => {
    for (let part = 0; part < parts; part++) visit.raw().write(PART)
    setImmediate(() => visit.response.destroy())
  },
  'its stream fails': parts => visit => {
    const source = Readable.from(failingAfter(parts))
    source.on('error', () => visit.response.destroy())
    visit.stream(source)
  },
  'it ends before the length that it has announced': parts => visit => {
    const response = visit.raw()
    response.setHeader('Content-Length', PARTS * PART.length)
    for (let part = 0; part < parts; part++) response.write(PART)
    response.end()
  },
}

function* failingAfter(parts: number): Generator<Buffer> {
  for (let part = 0; part < parts; part++) yield PART
  throw new Error('broken')
}

describePages('Two hundred pages torn in the middle', framework => {
  it('leave nothing behind, whether the visitor goes or the handler fails', async () => {
    const tears = Object.values(TEARS)
    let tear: Step | undefined
    let begun = gate()
    const whole: Step = visit => visit.stream(Readable.from(Array.from({ length: PARTS }, () => PART)))
    /** The parts come as long as anybody is there, and never to an end. */
    const endless: Step = async visit => {
      const response = visit.raw()
      response.write(PART)
      begun.open()
      while (!response.destroyed) {
        response.write('more')
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    const site = await framework.page({ ttl: '1h', waitTimeout: '1h' }, visit =>
      (tear ?? (visit.request.headers['x-whole'] === undefined ? endless : whole))(visit),
    )
    for (let turn = 0; turn < 100; turn++) {
      tear = tears[turn % tears.length]?.(1 + (turn % (PARTS - 1)))
      const torn = new SlowReader(site, `/${turn}`)
      await torn.readUntil('part ')
      torn.leave()
      tear = undefined
      begun = gate()
      const gone = new SlowReader(site, `/${turn}`)
      await begun
      if (turn % 2 === 0) await gone.readUntil('part ')
      gone.leave()
    }
    await site.eventually(() => site.heard('refuse').length === 200)
    expect(site.heard('fill')).to.deep.equal([])
    for (let turn = 0; turn < 100; turn++) {
      const reply = await site.ask({ path: `/${turn}`, headers: { 'X-Whole': 'yes' } })
      expect([reply.body.length, reply.outcome]).to.deep.equal([PARTS * PART.length, 'fwd=uri-miss'])
    }
  })
})

const MEBIBYTE = 1024 ** 2

describePages('A slow reader of 50 MB', framework => {
  for (const [what, open] of Object.entries({
    'without a cache': (handler: Step) => framework.site(app => app.handle(handler)),
    'of a page that is too large to be kept': (handler: Step) => framework.page({ ttl: '1m' }, handler),
  })) {
    it(`takes up less than 20 MB ${what}`, async () => {
      let produced = 0
      let needsDrain = () => false
      const source = new Readable({
        read() {
          produced++
          this.push(produced > 800 ? null : Buffer.alloc(64 * 1024, 'x'))
        },
      })
      const site = await open(visit => {
        needsDrain = () => visit.response.writableNeedDrain
        visit.stream(source)
      })
      const before = process.memoryUsage().arrayBuffers
      const reader = new SlowReader(site)
      await reader.readUntil('x')
      await site.eventually(() => needsDrain())
      for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))
      expect(produced * 64 * 1024).to.be.below(20 * MEBIBYTE)
      expect(process.memoryUsage().arrayBuffers - before).to.be.below(20 * MEBIBYTE)
      reader.leave()
    })
  }

  it('takes up nothing of its own of a page that is kept', async () => {
    const body = Buffer.alloc(50_000_000, 'x')
    const site = await framework.page({ ttl: '1m', maxBody: '60mb', encodings: false }, visit => visit.send(body))
    await site.ask({ method: 'HEAD' })
    expect((await site.ask({ method: 'HEAD' })).outcome).to.equal('hit; ttl=60')
    const before = process.memoryUsage().arrayBuffers
    const readers = Array.from({ length: 4 }, () => new SlowReader(site))
    for (const reader of readers) await reader.readUntil('x')
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(20 * MEBIBYTE)
    for (const reader of readers) reader.leave()
  })
})
