import { expect } from 'chai'
import * as fc from 'fast-check'
import { createCodec } from '../../lib/entries/codec.js'
import { CHARSETS, KIND, type Charset } from '../../lib/entries/codec-kinds.js'
import { PREFIX_BYTES, prefixOf, readPrefix } from '../../lib/entries/codec-prefix.js'
import { keepable } from '../../lib/entries/keepable.js'
import { checksum, sealed } from '../../lib/entries/seal.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'
import { runs } from '../property.js'

const codec = createCodec({ compressFrom: 'never' })
const { array, object, map, set, again, string, integer, bigint, float, date, buffer, typedArray, dataView } = KIND
const TRUE = KIND.true
const HUGE = [255, 255, 255, 255, 127]

/** An empty key, no tags, seven numbers. */
const HEAD = Array.from({ length: 2 + 7 * 8 }, () => 0)

interface Crafted {
  readonly head?: readonly number[]
  readonly value?: readonly number[]
  readonly text?: string
  readonly raw?: string
  readonly charset?: Charset
  readonly compression?: number
}

/** An envelope whose checksum is right, whatever is within. */
function crafted({ head = HEAD, value = [TRUE], text = '', raw = '', charset = 'latin1', compression = 0 }: Crafted): Buffer {
  const [structure, characters, bytes] = [Buffer.from([...head, ...value]), Buffer.from(text, charset), Buffer.from(raw)]
  const sizes = { structureBytes: structure.length, textBytes: characters.length, rawBytes: bytes.length }
  return sealed(checksum, [prefixOf({ ...sizes, charset, compression, shareable: true, signed: false }), structure, characters, bytes])
}

describe('An envelope whose checksum is right', () => {
  it('is an entry if what is within is right too', () => {
    expect(codec.decode(crafted({}))?.value).to.equal(true)
    const value = [array, 3, string, 1, object, 1, 0, 1, TRUE, buffer, 1]
    expect(codec.decode(crafted({ value, text: 'ab', raw: 'c' }))?.value).to.deep.equal(['a', { b: true }, Buffer.from('c')])
  })

  const wrong: Readonly<Record<string, Crafted>> = {
    'there is no value': { value: [] },
    'there are two values': { value: [TRUE, TRUE] },
    'the head is cut off': { head: HEAD.slice(0, -1), value: [] },
    'there is no head': { head: [], value: [] },
    'an instant is none': { head: [...HEAD.slice(0, -2), 0xf8, 0x7f] },
    'there are more tags than bytes': { head: [0, ...HUGE] },
    'the key is longer than the text': { head: [1, ...HEAD.slice(1)] },
    'the value is of a kind that is not known': { value: [21] },
    'the value is of no kind at all': { value: [255] },
    'an array has more items than there are bytes': { value: [array, ...HUGE] },
    'an array lacks an item': { value: [array, 2, TRUE] },
    'an object has more names than there are bytes': { value: [object, ...HUGE] },
    'an object lacks a value': { value: [object, 1, 0, 1], text: 'a' },
    'a name is not known yet': { value: [object, 1, 1, TRUE] },
    'a Map has more pairs than there are bytes': { value: [map, ...HUGE] },
    'a Map lacks an item': { value: [map, 1, TRUE] },
    'a Set has more items than there are bytes': { value: [set, ...HUGE] },
    'an object has not come before': { value: [again, 0] },
    'an object has not come yet': { value: [array, 2, again, 1, array, 0] },
    'a string is longer than the text': { value: [string, 2], text: 'a' },
    'a string is longer than can be': { value: [string, ...HUGE], text: 'a' },
    'some of the text is left': { text: 'a' },
    'the text is no UTF-8': { value: [string, 4], text: '\u00ff\u00ff', charset: 'utf16le' },
    'a buffer is longer than the bytes': { value: [buffer, 2], raw: 'a' },
    'some of the bytes are left': { raw: 'a' },
    'a number is too large': { value: [integer, 255, 255, 255, 255, 255, 255, 255, 255, 1] },
    'a number does not end': { value: [integer, ...Array.from({ length: 10_000 }, () => 255)] },
    'a float is cut off': { value: [float, 0, 0, 0] },
    'a date is cut off': { value: [date, 0, 0, 0] },
    'a BigInt has no digits': { value: [bigint, 0] },
    'a BigInt has others than hexadecimal digits': { value: [bigint, 3], text: '-12' },
    'a typed array is of a kind that is not known': { value: [typedArray, 12, 0] },
    'a typed array is not of whole items': { value: [typedArray, 8, 9], raw: '123456789' },
    'a DataView is longer than the bytes': { value: [dataView, 1] },
    'it lies deeper than is written': { value: [...nested(1_001), TRUE] },
    'it lies deeper than any stack': { value: [...nested(1_000_000), TRUE] },
    'it says that it is compressed': { compression: 1 },
    'it says that it is compressed by zstd': { compression: 2 },
    'it is compressed by a method that nobody has': { compression: 3 },
  }
  for (const [what, parts] of Object.entries(wrong)) {
    it(`is a miss if ${what}`, () => {
      expect(codec.decode(crafted(parts))).to.equal(undefined)
    })
  }

  it('is a miss in any other version', () => {
    for (let version = 0; version < 256; version++) {
      if (version !== 1) expect(codec.decode(changed(3, version))).to.equal(undefined)
    }
  })

  it('is a miss with flags that are not known, or not fulfilled', () => {
    expect(codec.decode(changed(4, 0))?.value).to.equal(true)
    for (let flags = 0b100000; flags < 256; flags++) expect(codec.decode(changed(4, flags)), flags.toString(2)).to.equal(undefined)
  })

  it('is a miss if its text is in a charset that is not known', () => {
    expect(codec.decode(changed(4, CHARSETS.length << 2))).to.equal(undefined)
  })

  it('is a miss if its sizes are not those of its parts', () => {
    const envelope = crafted({ value: [string, 1], text: 'a' })
    const prefix = readPrefix(envelope)
    for (const sizes of [{ textBytes: 0 }, { textBytes: 2 }, { rawBytes: 1 }, { structureBytes: 2 ** 32 - 1 }, { structureBytes: 0 }]) {
      if (prefix === undefined) throw new Error('it has a prefix')
      const body = envelope.subarray(PREFIX_BYTES, -checksum.size)
      expect(codec.decode(sealed(checksum, [prefixOf({ ...prefix, ...sizes }), body]))).to.equal(undefined)
    }
  })

  it('makes nothing but data, however it was changed', () => {
    const shared = { a: [1, -0, 2n ** 70n, 'é\ud800'], when: new Date(5) }
    const value = [shared, shared, new Map([[JSON.parse('{"__proto__":{"x":1}}'), new Set([1])]]), Buffer.from('ab'), Float32Array.of(1)]
    const body = codec.encode(sampleEntry('key', { value, tags: ['tag'] })).subarray(0, -checksum.size)
    let entries = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 4, max: body.length - 1 }), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        changes => {
          const mutant = Buffer.from(body)
          for (const [at, byte] of changes) mutant[at] = byte
          const entry = codec.decode(sealed(checksum, [mutant]))
          if (entry === undefined) return
          entries += 1
          keepable(entry.value)
          expect(Object.keys(Object.prototype)).to.deep.equal([])
        },
      ),
      runs(5_000),
    )
    expect(entries).to.be.within(100, 4_900)
  })
})

function changed(at: number, byte: number): Buffer {
  const envelope = crafted({}).subarray(0, -checksum.size)
  envelope[at] = byte
  return sealed(checksum, [envelope])
}

function nested(levels: number): readonly number[] {
  return Array.from({ length: 2 * levels }, (_, index) => (index % 2 === 0 ? array : 1))
}
