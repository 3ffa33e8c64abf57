import assert from 'node:assert/strict'
import { expect } from 'chai'
import { CodecError, ConfigError } from 'smart-cache'
import { createCodec, type CodecOptions } from '../../lib/entries/codec.js'
import { keepablePage, type KeptPage } from '../../lib/responses/kept-page.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'

const codec = createCodec({ compressFrom: 'never' })

describe('An entry that has travelled in an envelope', () => {
  const rows = {
    'with all of its parts': sampleEntry('~/shop:cities', { tags: ['cities', 'city:1', ''], position: 17, loadMs: 12.5, bytes: 4_711 }),
    'that is fresh for ever': sampleEntry('a', { staleAt: Infinity }),
    'that was never fresh': sampleEntry('a', { staleAt: -Infinity, createdAt: 0 }),
    'with a grace that does not end': sampleEntry('a', { graceMs: Infinity, staleIfErrorMs: Infinity }),
    'without any time': sampleEntry('a', { graceMs: 0, staleIfErrorMs: 0, loadMs: 0 }),
    'at the end of the journal': sampleEntry('a', { position: Number.MAX_SAFE_INTEGER }),
    'with 10,000 tags': sampleEntry('a', { tags: Array.from({ length: 10_000 }, (_, tag) => `tag:${tag}`) }),
    'with a long key': sampleEntry('naïve 日本 🦊'.repeat(1_000)),
    'with odd characters in its key and tags': sampleEntry('\ufeffé\u0000\ud800', { tags: ['\udfff', '\ufeff', '__proto__', '\u0000'] }),
    'with an empty key': sampleEntry(''),
  }
  for (const [what, entry] of Object.entries(rows)) {
    it(`is the same, if it is one ${what}`, () => {
      assert.deepEqual(codec.decode(codec.encode(entry)), entry)
    })
  }

  it('may be moved on, as any entry may', () => {
    const entry = codec.decode(codec.encode(sampleEntry('a')))
    expect(Object.isFrozen(entry)).to.equal(false)
  })

  it('is frozen through and through if it may be shared', () => {
    const value = { list: [{ deep: [Object.create(null) as object, [], {}] }] }
    const entry = codec.decode(codec.encode(sampleEntry('a', { value })))
    expect(entry?.shareable).to.equal(true)
    const parts = every(entry?.value)
    expect(parts).to.have.length(7)
    for (const part of parts) expect(Object.isFrozen(part)).to.equal(true)
  })

  it('is not frozen if each reader is given a copy', () => {
    const entry = codec.decode(codec.encode(sampleEntry('a', { value: { list: [{ when: new Date(5) }] } })))
    expect(entry?.shareable).to.equal(false)
    for (const part of every(entry?.value)) expect(Object.isFrozen(part)).to.equal(false)
  })
})

describe('A page that has travelled in an envelope', () => {
  const page: KeptPage = {
    kind: 'page',
    status: 200,
    statusMessage: undefined,
    headers: [
      ['Content-Type', 'text/html'],
      ['Link', ['</a>; rel=next', '</é>; rel=prev']],
    ],
    removed: ['x-powered-by'],
    vary: 'Accept',
    etag: '"é"',
    encodable: true,
    bornAt: 1_767_225_600_000,
    revalidates: true,
    staleIfErrorMs: 60_000,
    route: '/a',
    holes: [{ at: 3, id: 'csrf.digest' }],
    body: Buffer.alloc(100_000, 'page '),
  }
  const entry = { ...sampleEntry('~page GET /a'), ...keepablePage(page) }
  const envelope = codec.encode(entry)
  const back = codec.decode(envelope)

  it('is the same, body and all', () => {
    assert.deepEqual(back, entry)
    expect((back?.value as KeptPage | undefined)?.body).to.be.instanceOf(Buffer)
  })

  it('may be shared, so all of it but the bytes is frozen', () => {
    expect(back?.shareable).to.equal(true)
    for (const part of every(back?.value)) expect(Object.isFrozen(part)).to.equal(true)
  })

  it('has the envelope’s own bytes for its body', () => {
    expect((back?.value as KeptPage | undefined)?.body.buffer).to.equal(envelope.buffer)
  })

  it('does not keep a larger buffer in memory in which the envelope came', () => {
    const received = Buffer.concat([Buffer.alloc(1_000_000), envelope])
    const body = (codec.decode(received.subarray(1_000_000))?.value as KeptPage | undefined)?.body
    assert.deepEqual(body, page.body)
    expect(body?.buffer.byteLength).to.be.below(200_000)
  })
})

describe('The codec', () => {
  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['an option that it does not have', { compresFrom: 1 }, /no option `compresFrom`. Did you mean `compressFrom`/],
    ['options that are none', [], /Expected the options of createCodec\(\) to be an object, got an array/],
    ['a threshold that is no size', { compressFrom: 'always' }, /Expected `compressFrom` to be a size/],
    ['a cap that is no size', { maxBytes: 'never' }, /Expected `maxBytes` to be a size/],
    ['a cap of nothing', { maxBytes: 0 }, /Expected `maxBytes` to be a size/],
    ['a secret that can be guessed', { secret: 'fifteen letters' }, /^Expected `secret` to be a string or a Buffer of at least 16 bytes$/],
    ['an empty secret', { secret: Buffer.alloc(0) }, /Expected `secret`/],
    ['a secret that is none', { secret: 1e20 }, /Expected `secret`/],
  ]
  for (const [what, options, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => createCodec(options as CodecOptions)).to.throw(ConfigError, message)
    })
  }

  it('refuses to write an entry that it would not read', () => {
    const small = createCodec({ maxBytes: 1_000, compressFrom: 1 })
    const message = /^Expected an entry of at most 1000 bytes, got \d{4} at "a"$/
    for (const value of ['x'.repeat(1_000), Buffer.alloc(1_000), Array.from({ length: 1_000 }, () => null)]) {
      expect(() => small.encode(sampleEntry('a', { value }))).to.throw(CodecError, message)
    }
    expect(small.decode(small.encode(sampleEntry('a', { value: 'x'.repeat(900) })))?.value).to.have.length(900)
  })

  class City {
    readonly name = 'Bern'
  }
  class Register extends Map<string, string> {}
  const unreadable = { 'a function': () => 1, 'a symbol': Symbol('s'), 'a RegExp': /a/, 'an Error': new Error('e') }
  const instances = { 'an instance of a class': new City(), 'a Map of its own class': new Register(), 'a boxed string': Object('boxed') }
  for (const [what, value] of Object.entries({ ...unreadable, ...instances, 'shared memory': new SharedArrayBuffer(1) })) {
    it(`refuses to write what nobody could read: ${what}`, () => {
      for (const whole of [value, [value], { deep: new Map([[1, value]]) }]) {
        expect(() => codec.encode({ ...sampleEntry('a'), value: whole })).to.throw(CodecError, /^Expected a value that can be kept, got /)
      }
    })
  }

  it('refuses to write what lies too deep, and writes what does not', () => {
    for (const wrap of [(inner: unknown) => [inner], (a: unknown) => ({ a }), (item: unknown) => new Set([item])]) {
      let value: unknown = 'core'
      for (let level = 0; level < 1_000; level++) value = wrap(value)
      const entry = { ...sampleEntry('a'), value }
      expect(codec.decode(codec.encode(entry))).to.not.equal(undefined)
      expect(() => codec.encode({ ...entry, value: wrap(value) })).to.throw(CodecError, /at most 1000 levels/)
    }
  })
})

function every(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Date) return []
  return [value, ...Object.values(value).flatMap(every)]
}
