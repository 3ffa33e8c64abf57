import { expect } from 'chai'
import { canonical } from '../../lib/keys/canonical.js'

describe('The canonical text', () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [1, '1'],
    [1, 1n],
    [1, true],
    [1, new Date(1)],
    [0, -0],
    [null, undefined],
    [null, 'null'],
    [undefined, 'undefined'],
    [NaN, null],
    [NaN, 'NaN'],
    ['', []],
    [[], {}],
    [[], [[]]],
    [[], [undefined]],
    [[1, 2], ['1,2']],
    [
      [[1], 2],
      [1, [2]],
    ],
    [
      [1, 2],
      [2, 1],
    ],
    [{}, { a: undefined }],
    [{ a: 1 }, [['a', 1]]],
    [{ a: { b: 1 } }, { a: 1, b: 1 }],
    [{ 'a":1,"b': 1 }, { a: 1, b: 1 }],
    [{ 1: 'a' }, new Map([[1, 'a']])],
    [new Map([[1, 'a']]), new Map([['1', 'a']])],
    [new Map([[1, 2]]), new Set([1, 2])],
    [new Map([[[1], 2]]), new Map([[1, [2]]])],
    [new Set([1, 2]), [1, 2]],
    [new Set([1, 2]), new Set([2, 1])],
    [new Date(NaN), new Date(0)],
    [Buffer.from('a'), new Uint8Array([97])],
    [new Uint8Array([255]), new Int8Array([-1])],
    [new Uint8Array([1, 0]), new Uint16Array([1])],
    [new Float64Array([0]), new Float64Array([-0])],
    ['\ud800', '\\ud800'],
    [JSON.parse('{"__proto__":1}'), {}],
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":2}')],
  ]
  for (const [one, other] of pairs) {
    it(`tells ${canonical(one)} from ${canonical(other)}`, () => {
      expect(canonical(one)).to.not.equal(canonical(other))
    })
  }

  it('does not depend on the order of properties, however deep', () => {
    expect(canonical({ a: 1, b: { c: 2, d: [{ e: 3, f: 4 }] } })).to.equal(canonical({ b: { d: [{ f: 4, e: 3 }], c: 2 }, a: 1 }))
  })

  it('is that of the bytes, wherever they lie', () => {
    const slab = Buffer.from('xabcx')
    expect(canonical(slab.subarray(1, 4))).to.equal(canonical(Buffer.from('abc')))
    expect(canonical(new Uint8Array(slab.buffer, slab.byteOffset + 1, 3))).to.equal(canonical(new Uint8Array([97, 98, 99])))
  })

  it('is the same for an object without a prototype', () => {
    expect(canonical(Object.assign(Object.create(null) as object, { a: 1 }))).to.equal(canonical({ a: 1 }))
  })

  it('of a value met twice is written twice', () => {
    const twice = { a: 1 }
    expect(canonical([twice, twice])).to.equal(canonical([{ a: 1 }, { a: 1 }]))
  })

  it('has no byte below 0x20', () => {
    expect(canonical(['\n\0', { '\t': '\r' }])).to.match(/^[\x20-\x7e]*$/)
  })
})
