import { expect } from 'chai'
import { fakeClock } from 'smart-cache/testing'
import { WatchedClock } from '../../lib/time/watched-clock.js'

describe('A watched clock', () => {
  const watched = () => {
    const clock = fakeClock('2026-07-01T12:00:00Z')
    const heard: number[] = []
    const own = new WatchedClock(clock, () => heard.push(clock.now()))
    own.now()
    return { clock, own, heard }
  }

  it('tells the time of the clock that it watches', () => {
    const { clock, own } = watched()
    clock.advance('5m')
    expect([own.now(), own.monotonic()]).to.deep.equal([clock.now(), clock.monotonic()])
  })

  it('notices once that it was set back, in the next question', () => {
    const { clock, own, heard } = watched()
    clock.set('2026-06-30T12:00:00Z')
    expect(heard).to.deep.equal([])
    own.now()
    own.now()
    clock.advance('1d')
    own.now()
    expect(heard).to.deep.equal([Date.UTC(2026, 5, 30, 12)])
  })

  it('notices it each time', () => {
    const { clock, own, heard } = watched()
    for (const back of ['2026-06-30T12:00:00Z', '2026-06-29T12:00:00Z']) {
      clock.set(back)
      own.now()
    }
    expect(heard.length).to.equal(2)
  })

  it('does not take for it what passes while nobody asks, nor being set forwards', () => {
    const { clock, own, heard } = watched()
    clock.advance('7d')
    own.now()
    clock.set('2027-01-01T12:00:00Z')
    own.now()
    expect(heard).to.deep.equal([])
  })

  it('looks at the monotonic clock once for many questions within a millisecond', () => {
    const clock = fakeClock()
    let looks = 0
    const own = new WatchedClock({ now: () => clock.now(), monotonic: () => (looks++, clock.monotonic()) }, () => {})
    for (let asked = 0; asked < 100; asked++) own.now()
    expect(looks).to.equal(1)
  })
})
