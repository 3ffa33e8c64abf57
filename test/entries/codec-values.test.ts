import assert from 'node:assert/strict'
import { expect } from 'chai'
import { createCodec } from '../../lib/entries/codec.js'
import { handedOut } from '../../lib/entries/keepable.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'

const codecs = { 'as it is': createCodec({ compressFrom: 'never' }), compressed: createCodec({ compressFrom: 1 }) }

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  'undefined and null': [undefined, null],
  booleans: [true, false],
  'whole numbers': [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -1, -127, -128, -(2 ** 31), -(2 ** 53 - 1)],
  'numbers that are too large to count with': [2 ** 53, -(2 ** 53), 2 ** 64, Number.MAX_VALUE, -Number.MAX_VALUE],
  'other numbers': [-0, NaN, Infinity, -Infinity, 0.1 + 0.2, -0.5, 5e-324],
  'BigInts of every size': [0n, 1n, -1n, 2n ** 64n, -(2n ** 64n) - 1n, 10n ** 1_000n, -(7n ** 5_000n)],
  strings: ['', 'a', 'é', '日本', '🦊', '\u0000', '\ufeff', 'x'.repeat(100_000), 'ü'.repeat(10_000)],
  'halves of surrogate pairs': ['\ud800', '\udfff', 'a\ud83eb', '\udd8a\ud83e', '🦊\ud83e'],
  dates: [new Date(0), new Date(-1), new Date(8.64e15), new Date(-8.64e15), new Date('2026-03-29T00:59:00.123Z')],
  arrays: [[], [[]], [undefined, null], [1, 'a', [2n, [true]]], Array.from({ length: 10_000 }, (_, item) => item)],
  objects: [{}, { a: undefined }, { '': 0 }, { a: { a: { a: {} } } }, { 10: 'a', 9: 'b', '-1': 'c', '01': 'd' }],
  'names of Object.prototype': [
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":2,"hasOwnProperty":null}'),
    [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":[2]}')],
  ],
  'objects without a prototype': [Object.create(null), bare({ a: 1, b: bare({}) }), bare(JSON.parse('{"__proto__":1}') as object)],
  Maps: [
    new Map(),
    new Map<unknown, unknown>([
      [1, 'one'],
      ['1', new Map([[{}, []]])],
      [undefined, null],
      [NaN, -0],
      ['__proto__', { a: 1 }],
    ]),
  ],
  Sets: [new Set(), new Set<unknown>([1, '1', 1n, null, undefined, NaN, new Set([[]])])],
  Buffers: [Buffer.alloc(0), Buffer.from([0, 1, 127, 128, 255]), Buffer.alloc(100_000, 7), Buffer.from('part of more').subarray(5, 7)],
  ArrayBuffers: [new ArrayBuffer(0), Uint8Array.of(1, 2, 3).buffer],
  'typed arrays': [
    new Int8Array(0),
    Int8Array.of(-1),
    Uint8Array.of(1, 255),
    Uint8ClampedArray.of(1, 255),
    Int16Array.of(-1, 1),
    Uint16Array.of(65_535),
    Int32Array.of(-(2 ** 31)),
    Uint32Array.of(2 ** 32 - 1),
    Float32Array.of(NaN, -0, 0.5),
    Float64Array.of(NaN, -0, 5e-324, Infinity),
    BigInt64Array.of(-(2n ** 63n)),
    BigUint64Array.of(2n ** 64n - 1n),
    ...float16(),
  ],
  DataViews: [new DataView(new ArrayBuffer(0)), new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1)],
  'bytes between bytes': [[Buffer.from('ab'), Float64Array.of(1), 'c', Uint8Array.of(1), new ArrayBuffer(3), Int16Array.of(2)]],
  'what is deep within': [{ list: [new Map([[{ a: 1 }, new Set([new Date(0)])]]), Buffer.from('x'), -0, undefined] }],
}

for (const [how, codec] of Object.entries(codecs)) {
  describe(`A value that has travelled ${how}`, () => {
    for (const [kind, values] of Object.entries(VALUES)) {
      it(`is the same: ${kind}`, () => {
        for (const value of values) {
          const entry = sampleEntry('a', { value })
          const back = codec.decode(codec.encode(entry))
          assert.deepEqual(back, entry)
          assert.deepEqual(back?.value, value)
        }
      })
    }
  })
}

describe('A value that has travelled', () => {
  it('is no valid date if it was none', () => {
    const date = travelled(new Date(NaN))
    expect(date).to.be.instanceOf(Date)
    expect((date as Date).getTime()).to.deep.equal(NaN)
  })

  it('contains itself where it did', () => {
    const ring = { list: [] as unknown[], map: new Map<unknown, unknown>(), set: new Set<unknown>() }
    ring.list.push(ring, ring.list, ring.map)
    ring.map.set(ring.map, ring).set('set', ring.set)
    ring.set.add(ring.set).add(ring)
    const back = travelled(ring) as typeof ring
    expect(back.list[0]).to.equal(back)
    expect(back.list[1]).to.equal(back.list)
    expect(back.list[2]).to.equal(back.map)
    expect([...back.map.keys()]).to.have.ordered.members([back.map, 'set'])
    expect(back.map.get(back.map)).to.equal(back)
    expect([...back.set]).to.have.ordered.members([back.set, back])
  })

  it('is a frozen ring if it was one', () => {
    const ring: { self?: unknown } = {}
    ring.self = ring
    const back = travelled(ring) as typeof ring
    expect(back.self).to.equal(back)
    expect(Object.isFrozen(back)).to.equal(true)
  })

  it('holds once what it held twice', () => {
    const parts = [
      [],
      {},
      new Map(),
      new Set(),
      new Date(5),
      Buffer.from('a'),
      new ArrayBuffer(1),
      Uint8Array.of(1),
      new DataView(new ArrayBuffer(1)),
    ]
    const [once, twice] = travelled([parts, parts.toReversed()]) as [unknown[], unknown[]]
    expect(once).to.have.length(9)
    expect(twice).to.have.ordered.members(once.toReversed())
  })

  it('keeps the order of names, keys and items', () => {
    const names = ['b', 'a', '__proto__', 'c', '-1']
    const object = Object.fromEntries(names.map(name => [name, 1]))
    const [back, map, set] = travelled([object, new Map(names.map(name => [name, 1])), new Set(names)]) as [
      object,
      Map<string, 1>,
      Set<string>,
    ]
    expect(Object.keys(back)).to.deep.equal(names)
    expect([...map.keys()]).to.deep.equal(names)
    expect([...set]).to.deep.equal(names)
  })

  it('takes __proto__ for an ordinary name', () => {
    const back = travelled(JSON.parse('{"__proto__":{"polluted":true}}')) as object
    expect(Object.keys(back)).to.deep.equal(['__proto__'])
    expect(Object.getPrototypeOf(back)).to.equal(Object.prototype)
    expect(back).to.not.have.property('polluted')
  })

  it('shows nothing of its neighbours through its typed arrays', () => {
    const views = travelled([
      Buffer.from('secret'),
      Uint8Array.of(1),
      Float64Array.of(2),
      new DataView(new ArrayBuffer(3)),
    ]) as ArrayBufferView[]
    expect(views.slice(1).map(view => view.buffer.byteLength)).to.deep.equal([1, 8, 3])
  })

  it('has undefined where an array had a hole', () => {
    const holes: unknown[] = [1]
    holes[2] = 3
    const entry = { ...sampleEntry('a'), value: holes }
    assert.deepEqual(codecs['as it is'].decode(codecs['as it is'].encode(entry))?.value, [1, undefined, 3])
  })

  it('can be handed out as a copy', () => {
    const value = { when: new Date(5), bytes: Buffer.from('abc'), map: new Map([['a', [1]]]) }
    assert.deepEqual(handedOut(travelled(value)), value)
  })
})

function travelled(value: unknown): unknown {
  const codec = codecs['as it is']
  return codec.decode(codec.encode(sampleEntry('a', { value })))?.value
}

function bare(names: object): object {
  return Object.defineProperties(Object.create(null) as object, Object.getOwnPropertyDescriptors(names))
}

/** Node has it from 24 on. */
function float16(): readonly unknown[] {
  const { Float16Array } = globalThis as { readonly Float16Array?: { of(...items: number[]): unknown } }
  return Float16Array === undefined ? [] : [Float16Array.of(0.5, -0)]
}
