import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { serialize } from 'node:v8'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { createCodec, type CodecOptions } from '../../lib/entries/codec.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'
import { runs } from '../property.js'

const SECRET = 'a secret that is long enough'
const small = sampleEntry('shop:a', { tags: ['b'], value: { name: 'Bern', when: [1, 2n], body: Buffer.from('abc') } })
const large = sampleEntry('shop:b', { value: { rows: Array.from({ length: 2_000 }, (_, id) => ({ id, name: `city ${id}` })) } })

const kinds: Readonly<Record<string, CodecOptions>> = {
  'An envelope': { compressFrom: 'never' },
  'A compressed envelope': { compressFrom: 1 },
  'A signed envelope': { compressFrom: 'never', secret: SECRET },
  'A signed and compressed envelope': { compressFrom: 1, secret: SECRET },
}

for (const [kind, options] of Object.entries(kinds)) {
  describe(kind, () => {
    const codec = createCodec(options)
    const envelope = codec.encode(small)

    it('is an entry', () => {
      assert.deepEqual(codec.decode(envelope), small)
      assert.deepEqual(codec.decode(codec.encode(large)), large)
    })

    it('is a miss wherever it is cut off', () => {
      for (let length = 0; length < envelope.length; length++) {
        missed(codec.decode(envelope.subarray(0, length)), `cut to ${length}`)
        missed(codec.decode(envelope.subarray(envelope.length - length)), `the last ${length}`)
      }
    })

    it('is a miss with any of its bits flipped', () => {
      for (let bit = 0; bit < 8 * envelope.length; bit++)
        missed(codec.decode(flipped(envelope, bit)), `bit ${bit} of ${8 * envelope.length}`)
    })

    it('is a miss with any other byte in any place', () => {
      for (let at = 0; at < envelope.length; at++) {
        for (const byte of [0, 1, 127, 128, 255]) {
          if (envelope[at] !== byte) missed(codec.decode(withByte(envelope, at, byte)), `byte ${at} is ${byte}`)
        }
      }
    })

    it('is a miss with something added, before or behind', () => {
      for (const more of [Buffer.alloc(1), Buffer.from('\n'), envelope]) {
        missed(codec.decode(Buffer.concat([envelope, more])), 'behind')
      }
      missed(codec.decode(Buffer.concat([Buffer.alloc(1), envelope])), 'before')
    })

    it('is a miss with bits flipped somewhere in much of it', () => {
      const much = codec.encode(large)
      fc.assert(
        fc.property(fc.uniqueArray(fc.nat(8 * much.length - 1), { minLength: 1, maxLength: 5 }), bits => {
          missed(codec.decode(bits.reduce(flipped, much)), `bits ${bits.join()}`)
        }),
        runs(200),
      )
    })

    it('is a miss where parts of it have changed places', () => {
      const much = codec.encode(large)
      fc.assert(
        fc.property(fc.nat(much.length - 100), fc.nat(much.length - 100), (from, to) => {
          const changed = Buffer.from(much)
          changed.set(much.subarray(from, from + 100), to)
          fc.pre(!changed.equals(much))
          missed(codec.decode(changed), `100 bytes from ${from} at ${to}`)
        }),
        runs(100),
      )
    })

    it('is a miss in any other version', () => {
      for (let version = 0; version < 256; version++) {
        if (version !== 1) missed(codec.decode(withByte(envelope, 3, version)), `version ${version}`)
      }
    })
  })
}

describe('What was signed', () => {
  const [signed, unsigned] = [createCodec({ secret: SECRET }), createCodec()]

  it('is read with the same secret, be it a string or bytes', () => {
    const secret = Buffer.from(SECRET)
    const other = createCodec({ secret })
    secret.fill(0)
    assert.deepEqual(other.decode(signed.encode(large)), large)
  })

  it('is a miss with another secret', () => {
    for (const secret of [`${SECRET} `, SECRET.toUpperCase(), Buffer.alloc(16)]) {
      missed(createCodec({ secret }).decode(signed.encode(small)), 'another secret')
    }
  })

  it('is a miss without a secret', () => {
    missed(unsigned.decode(signed.encode(small)), 'no secret')
  })

  it('does not let in what was not signed', () => {
    missed(signed.decode(unsigned.encode(small)), 'not signed')
  })

  it('does not let in a checksum where the signature should be', () => {
    const envelope = unsigned.encode(small)
    missed(signed.decode(withByte(envelope, 4, (envelope[4] ?? 0) | 0b100000)), 'flag set')
  })
})

describe('Bytes that are no envelope', () => {
  const foreign: Readonly<Record<string, Buffer>> = {
    nothing: Buffer.alloc(0),
    JSON: Buffer.from(JSON.stringify({ key: 'a', value: 1, tags: [], createdAt: 0 })),
    'a word': Buffer.from('null'),
    HTML: Buffer.from('<!doctype html><html><body>A page of somebody else</body></html>'),
    gzip: gzipSync('a text'),
    'what V8 serializes': serialize(small),
    zeros: Buffer.alloc(1_000),
    ones: Buffer.alloc(1_000, 255),
    'an envelope within an envelope’s beginning': Buffer.concat([createCodec().encode(small).subarray(0, 17), createCodec().encode(small)]),
    'an envelope in base64': Buffer.from(createCodec().encode(small).toString('base64')),
    'an envelope that has been through UTF-8': Buffer.from(createCodec().encode(small).toString()),
  }
  for (const [what, bytes] of Object.entries(foreign)) {
    it(`are a miss: ${what}`, () => {
      for (const options of Object.values(kinds)) missed(createCodec(options).decode(bytes), what)
    })
  }

  it('are a miss, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, begun) => {
        const beginning = begun ? createCodec().encode(small).subarray(0, 5) : Buffer.alloc(0)
        missed(createCodec().decode(Buffer.concat([beginning, bytes])), 'random bytes')
      }),
      runs(1_000),
    )
  })
})

function missed(entry: unknown, what: string): void {
  expect(entry, what).to.equal(undefined)
}

function flipped(envelope: Buffer, bit: number): Buffer {
  const byte = envelope[bit >> 3] ?? 0
  return withByte(envelope, bit >> 3, byte ^ (1 << (bit & 7)))
}

function withByte(envelope: Buffer, at: number, byte: number): Buffer {
  const changed = Buffer.from(envelope)
  changed[at] = byte
  return changed
}
