import { expect } from 'chai'
import * as fc from 'fast-check'
import { forTtl, jittered } from '../../lib/freshness/schedule.js'
import { runs } from '../property.js'

describe('Freshness for a ttl', () => {
  it('ends that much later', () => {
    expect(forTtl(500)(1_000)).to.equal(1_500)
  })

  it('is over at once for 0', () => {
    expect(forTtl(0)(1_000)).to.equal(1_000)
  })

  it('never ends for ever', () => {
    expect(forTtl(Infinity)(1_000)).to.equal(Infinity)
  })
})

describe('Jitter', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
  const ttl = fc.integer({ min: 0, max: 10 ** 11 })

  it('never lengthens, and shortens by its share at most', () => {
    fc.assert(
      fc.property(ttl, share, random, fc.integer({ min: 0, max: 10 ** 13 }), (ms, most, drawn, from) => {
        const staleAt = jittered(forTtl(ms), most, () => drawn)(from)
        expect(staleAt).to.be.at.most(from + ms)
        expect(staleAt).to.be.at.least(from + ms * (1 - most) - 1)
      }),
      runs(1_000),
    )
  })

  it('of no share draws nothing', () => {
    const schedule = forTtl(500)
    expect(jittered(schedule, 0, () => expect.fail('drawn'))).to.equal(schedule)
  })

  it('leaves for ever alone', () => {
    expect(jittered(forTtl(Infinity), 0.5, () => 0.5)(1_000)).to.equal(Infinity)
  })

  it('is drawn anew each time', () => {
    const draws = [0, 0.5]
    const schedule = jittered(forTtl(1_000), 0.2, () => draws.shift() ?? 0)
    expect([schedule(0), schedule(0)]).to.deep.equal([1_000, 900])
  })
})
