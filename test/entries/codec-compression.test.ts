import { randomBytes } from 'node:crypto'
import assert from 'node:assert/strict'
import * as zlib from 'node:zlib'
import { expect } from 'chai'
import { CodecError } from 'smart-cache'
import { createCodec } from '../../lib/entries/codec.js'
import { PREFIX_BYTES, prefixOf, readPrefix } from '../../lib/entries/codec-prefix.js'
import { compressed, inflated } from '../../lib/entries/compression.js'
import { checksum, sealed } from '../../lib/entries/seal.js'
import type { Entry } from '../../lib/entries/entry.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'

const plain = createCodec({ compressFrom: 'never' })
const wordy = sampleEntry('a', { value: { body: Buffer.alloc(1_000_000, 'words that come again and again, '), text: 'é'.repeat(1_000) } })

describe('An envelope', () => {
  const method = 'zstdCompressSync' in zlib ? 2 : 1

  it('is compressed if it is large, and then smaller', () => {
    const envelope = createCodec().encode(wordy)
    expect(readPrefix(envelope)?.compression).to.equal(method)
    expect(envelope.length).to.be.below(10_000)
    assert.deepEqual(createCodec().decode(envelope), wordy)
  })

  it('is read by a codec that compresses nothing, and the other way round', () => {
    assert.deepEqual(plain.decode(createCodec().encode(wordy)), wordy)
    assert.deepEqual(createCodec().decode(plain.encode(wordy)), wordy)
  })

  it('is not compressed if that saves less than a tenth', () => {
    const noise = sampleEntry('a', { value: { body: randomBytes(100_000), text: 'words '.repeat(1_000) } })
    const envelope = createCodec().encode(noise)
    expect(readPrefix(envelope)?.compression).to.equal(0)
    assert.deepEqual(createCodec().decode(envelope), noise)
  })

  it('is not compressed below the size given, and is from that size on', () => {
    const size = plain.encode(wordy).length - PREFIX_BYTES - checksum.size
    const compression = (compressFrom: number) => readPrefix(createCodec({ compressFrom }).encode(wordy))?.compression
    expect(compression(size + 1)).to.equal(0)
    expect(compression(size)).to.equal(method)
  })

  it('is compressed from 4 KiB on if nothing else is said', () => {
    for (const [length, compression] of [
      [3_900, 0],
      [4_097, method],
    ] as const) {
      expect(readPrefix(createCodec().encode(sampleEntry('a', { value: 'x'.repeat(length) })))?.compression).to.equal(compression)
    }
  })

  it('is never compressed if that is said', () => {
    expect(readPrefix(plain.encode(wordy))?.compression).to.equal(0)
  })

  it('can be read by every Node that has the method with which it was written', () => {
    const body = plain.encode(wordy).subarray(PREFIX_BYTES, -checksum.size)
    const prefix = readPrefix(plain.encode(wordy))
    assert.ok(prefix)
    const brotli = zlib.brotliCompressSync(body, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } })
    assert.deepEqual(plain.decode(sealed(checksum, [prefixOf({ ...prefix, compression: 1 }), brotli])), wordy)
  })
})

describe('A bomb', () => {
  const zeros = Buffer.alloc(5_000_000)
  const small = createCodec({ maxBytes: '1mb' })
  const bomb = createCodec().encode(sampleEntry('a', { value: zeros }))

  it('is a miss if it says that it is larger than the cap', () => {
    expect(bomb.length).to.be.below(5_000)
    expect(small.decode(bomb)).to.equal(undefined)
    expect(createCodec({ maxBytes: '5mb' }).decode(bomb)?.value).to.have.length(5_000_000)
  })

  it('is a miss if it is larger than the cap without being compressed', () => {
    expect(small.decode(plain.encode(sampleEntry('a', { value: zeros })))).to.equal(undefined)
  })

  for (const rawBytes of [0, 1, 4_999_999, 5_000_001, 60_000_000]) {
    it(`is a miss if it says that it is of ${rawBytes} bytes, and is not`, () => {
      const prefix = readPrefix(bomb)
      assert.ok(prefix)
      const liar = sealed(checksum, [prefixOf({ ...prefix, rawBytes }), bomb.subarray(PREFIX_BYTES, -checksum.size)])
      expect(createCodec().decode(liar)).to.equal(undefined)
    })
  }

  const many = {
    nothings: [undefined, 131_000],
    numbers: [1, 131_000],
    'empty objects': [{}, 14_500],
    'empty Maps': [new Map(), 14_500],
  } as const
  for (const [what, [value, most]] of Object.entries(many)) {
    it(`is a miss if it holds more ${what} than have room below the cap, and is not written either`, () => {
      const [enough, more] = [holding(value, most), holding(value, most + 100)]
      expect(createCodec().encode(more).length).to.be.below(1_000)
      expect(small.decode(createCodec().encode(more))).to.equal(undefined)
      expect(() => small.encode(more)).to.throw(CodecError, /^Expected an entry of at most 1048576 bytes, got 1\d{6} at "a"$/)
      expect(small.decode(small.encode(enough))?.value).to.have.length(most)
    })
  }

  it('is not inflated beyond the size that was said', () => {
    const { method, bytes } = compressed(zeros) ?? assert.fail('zeros can be compressed')
    expect(inflated(bytes, method, zeros.length)).to.have.length(zeros.length)
    expect(() => inflated(bytes, method, 1_000))
      .to.throw(RangeError)
      .with.property('code', 'ERR_BUFFER_TOO_LARGE')
    expect(() => inflated(zlib.brotliCompressSync(zeros.subarray(0, 100_000)), 1, 1_000))
      .to.throw(RangeError)
      .with.property('code', 'ERR_BUFFER_TOO_LARGE')
  })
})

function holding(value: unknown, times: number): Entry {
  return sampleEntry('a', { value: Array.from({ length: times }, () => structuredClone(value)) })
}
