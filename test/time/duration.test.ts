import { expect } from 'chai'
import { ConfigError } from 'smart-cache'
import { shown } from '../../lib/errors.js'
import { milliseconds } from '../../lib/time/duration.js'

describe('A duration', () => {
  const rows: readonly (readonly [unknown, number])[] = [
    [0, 0],
    [250, 250],
    [0.5, 0.5],
    ['0s', 0],
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['007s', 7_000],
    ['forever', Infinity],
  ]
  for (const [duration, ms] of rows) {
    it(`${JSON.stringify(duration)} is ${ms} ms`, () => {
      expect(milliseconds(duration, 'ttl')).to.equal(ms)
    })
  }

  const numbers = [-1, -0.1, NaN, Infinity, -Infinity]
  const amounts = ['', ' ', '5', '5 m', ' 5m', '5m ', '5m\n', '-5m', '+5m', '.5m', '5.m', '1,5h', '1e3s', '0x5s', '1_000s', '٥m', '1h30m']
  const units = ['m', '5M', '5min', '5ms', '5w', '5y', 'PT5M', 'Forever', 'forever ', 'never', 'Infinity']
  const others = [null, undefined, true, false, 5n, [], ['5m'], {}, new Date(0), () => 5, Symbol('5m')]
  for (const duration of [...numbers, ...amounts, ...units, ...others]) {
    it(`cannot be ${typeof duration} ${shown(duration)}`, () => {
      expect(() => milliseconds(duration, 'ttl')).to.throw(
        ConfigError,
        "Expected `ttl` to be a duration ('30s', '15m', '1h', '7d', 'forever', or milliseconds), got ",
      )
    })
  }

  it('that is refused is shown, with the name of the option', () => {
    expect(() => milliseconds('5min', 'grace')).to.throw(/`grace`.* got "5min"$/)
  })
})
