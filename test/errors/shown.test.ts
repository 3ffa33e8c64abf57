import { expect } from 'chai'
import { shown } from '../../lib/errors.js'

function load(): number {
  return 1
}

class City {
  readonly name = 'Bern'
}

class Cities extends Array<string> {}

describe('A refused value in a message', () => {
  const rows: readonly (readonly [unknown, string])[] = [
    ['5 min', '"5 min"'],
    ['', '""'],
    ['line\nbreak', '"line\\nbreak"'],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
    [5, '5'],
    [-0, '0'],
    [NaN, 'NaN'],
    [5n, '5n'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [load, 'a function (load)'],
    [
      (
        () => () =>
          undefined
      )(),
      'a function',
    ],
    [[1], 'an array'],
    [new Cities(), 'an instance of Cities'],
    [{ a: 1 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Date(0), 'an instance of Date'],
    [new City(), 'an instance of City'],
    [Object.create({ constructor: 'odd' }), 'an object'],
  ]
  for (const [value, text] of rows) {
    it(`is shown as ${text}`, () => {
      expect(shown(value)).to.equal(text)
    })
  }
})
