import { expect } from 'chai'
import * as fc from 'fast-check'
import { chanceOfRefresh } from '../../lib/freshness/refresh-ahead.js'
import { runs } from '../property.js'

describe('The chance of a refresh ahead', () => {
  const entry = { createdAt: 1_000, staleAt: 2_000 }

  for (const [now, chance] of [
    [1_000, 0],
    [1_799, 0],
    [1_800, 0],
    [1_850, 0.25],
    [1_900, 0.5],
    [1_999, 0.995],
  ] as const) {
    it(`is ${chance} when ${now - 1_000} of 1,000 ms are over, and the share is 0.8`, () => {
      expect(chanceOfRefresh(entry, 0.8, now)).to.be.closeTo(chance, 1e-9)
    })
  }

  it('is none for what is fresh for ever, and for a share of 1', () => {
    expect(chanceOfRefresh({ createdAt: 0, staleAt: Infinity }, 0.5, 1e15)).to.equal(0)
    expect(chanceOfRefresh(entry, 1, 1_999)).to.equal(0)
  })

  it('never falls while time passes', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const instant = fc.integer({ min: 0, max: 2_500 })
    fc.assert(
      fc.property(share, instant, instant, (part, a, b) => {
        const [earlier, later] = [a, b].map(now => chanceOfRefresh(entry, part, Math.min(Math.max(now, 0), 1_999)))
        if (a <= b) expect(earlier).to.be.at.most(later ?? NaN)
      }),
      runs(300),
    )
  })
})
