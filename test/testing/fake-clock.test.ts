import { expect } from 'chai'
import { ConfigError, type Duration } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'

describe('fakeClock', () => {
  it('stands still', async () => {
    const clock = fakeClock()
    const before = [clock.now(), clock.monotonic()]
    await new Promise(resolve => setImmediate(resolve))
    expect([clock.now(), clock.monotonic()]).to.deep.equal(before)
  })

  const starts: readonly (readonly [string | number, number])[] = [
    ['2026-03-29T00:59:00Z', Date.UTC(2026, 2, 29, 0, 59)],
    ['2026-03-29T00:59Z', Date.UTC(2026, 2, 29, 0, 59)],
    ['2026-03-29T00:59:00.123Z', Date.UTC(2026, 2, 29, 0, 59, 0, 123)],
    ['2026-03-29T02:59:00+02:00', Date.UTC(2026, 2, 29, 0, 59)],
    ['2026-03-29', Date.UTC(2026, 2, 29)],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
    [0, 0],
    [-5, -5],
    [1_000.5, 1_000.5],
  ]
  for (const [start, now] of starts) {
    it(`stands at ${start}, whether it starts there or is set there`, () => {
      expect(fakeClock(start).now()).to.equal(now)
      const clock = fakeClock()
      clock.set(start)
      expect(clock.now()).to.equal(now)
    })
  }

  it('goes on by what it is advanced, on the wall and where it measures', () => {
    const clock = fakeClock(0)
    const begun = clock.monotonic()
    clock.advance('5m')
    clock.advance(1)
    clock.advance(0)
    expect(clock.now()).to.equal(300_001)
    expect(clock.monotonic() - begun).to.equal(300_001)
  })

  it('can be set back on the wall, and where it measures not', () => {
    const clock = fakeClock(1_000)
    clock.advance(500)
    const measured = clock.monotonic()
    clock.set(0)
    expect(clock.now()).to.equal(0)
    expect(clock.monotonic()).to.equal(measured)
    clock.set(1_000_000)
    expect(clock.monotonic()).to.equal(measured)
  })

  const instants = [
    '',
    'now',
    '12',
    '2026',
    '2026-3-9',
    '2026-02-30',
    '2026-02-29',
    '2026-13-01',
    '2026-03-29T00:59:00',
    '2026-03-29T25:00Z',
  ]
  for (const instant of [...instants, '2026-03-29 00:59Z', NaN, Infinity, null, {}, new Date(0), 5n] as (string | number)[]) {
    it(`stands nowhere at ${typeof instant} ${String(instant)}`, () => {
      expect(() => fakeClock(instant)).to.throw(ConfigError, 'Expected `start` to be an ISO date')
      expect(() => fakeClock().set(instant)).to.throw(ConfigError, 'Expected `instant` to be an ISO date')
    })
  }

  for (const span of ['forever', '5', -1, NaN, Infinity, undefined, null] as Duration[]) {
    it(`is not advanced by ${String(span)}`, () => {
      const clock = fakeClock(0)
      expect(() => clock.advance(span)).to.throw(ConfigError, 'Expected `span` to be a duration')
      expect(clock.now()).to.equal(0)
    })
  }
})
