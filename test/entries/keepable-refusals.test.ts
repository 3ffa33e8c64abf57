import { expect } from 'chai'
import { CodecError } from 'smart-cache'
import { keepable } from '../../lib/entries/keepable.js'

function load(): number {
  return 1
}

class City {
  readonly name = 'Bern'
}

class Cities extends Array<string> {}

class Register extends Map<string, string> {}

class Day extends Date {}

class Bytes extends Uint8Array {}

describe('A value that could not come back as it was', () => {
  const rows: readonly (readonly [unknown, string])[] = [
    [() => 1, 'a function'],
    [load, 'a function (load)'],
    [Symbol('s'), 'Symbol(s)'],
    [new City(), 'an instance of City'],
    [Cities.from(['Bern']), 'an instance of Cities'],
    [new Register([['a', 'b']]), 'an instance of Register'],
    [new Day(5), 'an instance of Day'],
    [new Bytes(1), 'an instance of Bytes'],
    [new Error('e'), 'an instance of Error'],
    [/a/, 'an instance of RegExp'],
    [new URL('http://a/'), 'an instance of URL'],
    [new WeakMap(), 'an instance of WeakMap'],
    [new SharedArrayBuffer(1), 'an instance of SharedArrayBuffer'],
    [Promise.resolve(1), 'an instance of Promise'],
    [Object('boxed'), 'an instance of String'],
    [{ [Symbol('s')]: 1 }, 'an object with symbols for names'],
  ]
  for (const [value, shown] of rows) {
    it(`is refused: ${shown}`, () => {
      expect(() => keepable(value)).to.throw(
        CodecError,
        new RegExp(`^Expected a value that can be kept .*, got ${shown.replace(/[()]/g, '\\$&')}$`),
      )
    })
  }

  const places: readonly (readonly [unknown, string])[] = [
    [{ a: load }, 'value.a'],
    [[0, load], 'value[1]'],
    [{ user: { roles: [{ check: load }] } }, 'value.user.roles[0].check'],
    [new Map([['k', load]]), 'value.get("k")'],
    [new Map([[load, 1]]), 'value.key'],
    [new Set([load]), 'value.item'],
    [{ a: new Map([[7, [load]]]) }, 'value.a.get(7)[0]'],
  ]
  for (const [value, place] of places) {
    it(`is found at ${place}`, () => {
      expect(() => keepable(value)).to.throw(CodecError, new RegExp(` at ${place.replace(/[.[\]()]/g, '\\$&')}$`))
    })
  }

  it('leaves the caller’s object as it was', () => {
    const mine = { list: [1], bad: load }
    expect(() => keepable(mine)).to.throw(CodecError)
    expect([mine, mine.list].map(Object.isFrozen)).to.deep.equal([false, false])
  })
})
