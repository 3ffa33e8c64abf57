import { expect } from 'chai'
import { handedOut, keepable } from '../../lib/entries/keepable.js'

describe('The size of a kept value', () => {
  const rows: readonly (readonly [string, unknown, number])[] = [
    ['a string, two bytes a character', 'x'.repeat(1_000), 2_000],
    ['the names of properties', { ['x'.repeat(1_000)]: 1 }, 2_000],
    ['bytes in a Buffer', Buffer.alloc(1_000), 1_000],
    ['bytes in a typed array', new Float64Array(125), 1_000],
    ['bytes in an ArrayBuffer', new ArrayBuffer(1_000), 1_000],
    ['the items of an array', Array.from({ length: 125 }, (_, item) => item), 1_000],
    ['the items of a Set', new Set(Array.from({ length: 125 }, (_, item) => item)), 1_000],
    ['the keys and items of a Map', new Map([['x'.repeat(500), 'y'.repeat(500)]]), 2_000],
  ]
  for (const [what, value, least] of rows) {
    it(`counts ${what}`, () => {
      expect(keepable(value).bytes).to.be.within(least, least + 100)
    })
  }

  it('counts once what is there twice', () => {
    const long = ['x'.repeat(1_000)]
    expect(keepable([long, long]).bytes).to.be.below(2_200)
  })

  it('is never nothing', () => {
    for (const value of [undefined, null, 0, '', false]) expect(keepable(value).bytes).to.be.above(0)
  })
})

describe('A view of a larger buffer', () => {
  const large = new ArrayBuffer(100_000)
  new Uint8Array(large).fill(7)
  const views = [new Uint8Array(large, 8, 16), new Float32Array(large, 8, 4), new BigInt64Array(large, 8, 2), new DataView(large, 8, 16)]
  for (const view of views) {
    it(`is kept without the rest of it (${view.constructor.name})`, () => {
      const kept = keepable(view).value as typeof view
      expect(Buffer.from(kept.buffer).equals(Buffer.alloc(16, 7))).to.equal(true)
      expect(kept.constructor).to.equal(view.constructor)
      expect(kept.buffer.byteLength).to.equal(16)
      expect((handedOut(kept) as typeof view).buffer.byteLength).to.equal(16)
    })
  }

  it('is kept apart from memory that is shared', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4))
    const kept = keepable(shared).value as Uint8Array
    shared[0] = 7
    expect(kept[0]).to.equal(0)
  })
})
