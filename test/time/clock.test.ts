import { expect } from 'chai'
import { systemClock } from '../../lib/time/clock.js'

describe("The system's clock", () => {
  it('tells the instant in epoch milliseconds', () => {
    const before = Date.now()
    expect(systemClock.now()).to.be.within(before, Date.now())
  })

  it('never goes back where it measures', () => {
    let last = systemClock.monotonic()
    for (let turn = 0; turn < 1_000; turn++) {
      const now = systemClock.monotonic()
      expect(now).to.be.at.least(last)
      last = now
    }
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(systemClock)).to.equal(true)
  })
})
