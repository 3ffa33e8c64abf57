import { expect } from 'chai'
import { KeyError } from 'smart-cache'
import { canonical } from '../../lib/keys/canonical.js'

class City {
  readonly name = 'Bern'
}

class Cities extends Array<string> {}

class Register extends Map<string, string> {}

class Names extends Set<string> {}

class Day extends Date {}

class Bytes extends Uint8Array {}

describe('The canonical text is refused to', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['a function', () => 1, 'a function'],
    ['a class', City, 'a function (City)'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['an instance of a class', new City(), 'an instance of City; pick the fields that identify it'],
    ['an instance of a class of arrays', Cities.from(['Bern']), 'an instance of Cities'],
    ['an instance of a class of Maps', new Register([['a', 'b']]), 'an instance of Register'],
    ['an instance of a class of Sets', new Names(['a']), 'an instance of Names'],
    ['an instance of a class of Dates', new Day(0), 'an instance of Day'],
    ['an instance of a class of bytes', new Bytes(1), 'an instance of Bytes'],
    ['a regular expression', /a/, 'an instance of RegExp'],
    ['an Error', new Error('e'), 'an instance of Error'],
    ['a URL', new URL('http://a/'), 'an instance of URL'],
    ['a promise', Promise.resolve(1), 'an instance of Promise'],
    ['a WeakMap', new WeakMap(), 'an instance of WeakMap'],
    ['a boxed string', Object('a'), 'an instance of String'],
    ['an object with a symbol for a name', { [Symbol('s')]: 1 }, 'an object with symbols for names'],
  ]
  for (const [what, value, shown] of rows) {
    it(`${what}, however deep`, () => {
      for (const nested of [value, [value], { a: value }, new Map([[1, value]]), new Set([{ a: [value] }])]) {
        expect(() => canonical(nested)).to.throw(KeyError, `Expected plain data in a key, got ${shown}`)
      }
    })
  }

  it('what contains itself', () => {
    const object: Record<string, unknown> = {}
    object['a'] = [object]
    const map = new Map<unknown, unknown>()
    map.set('a', map)
    for (const ring of [object, map, [map]]) {
      expect(() => canonical(ring)).to.throw(KeyError, 'an object that contains itself')
    }
  })
})
