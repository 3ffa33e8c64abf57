import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { createCodec } from '../../lib/entries/codec.js'
import type { Entry } from '../../lib/entries/entry.js'
import { keepable } from '../../lib/entries/keepable.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'
import { runs } from '../property.js'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)) }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'then', '0', '-1'),
)
const bytes = fc.uint8Array({ maxLength: 50 }).map(array => Buffer.from(array))
const leaf = fc.oneof(
  text,
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(undefined, null, -0, NaN),
  fc.date(),
  bytes,
  bytes.map(buffer => Uint8Array.from(buffer).buffer),
  bytes.map(buffer => new DataView(Uint8Array.from(buffer).buffer)),
  fc.int16Array(),
  fc.uint8ClampedArray(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
)
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'xsmall', withCrossShrink: true },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(text, tie('value')),
    fc.array(fc.tuple(tie('value'), tie('value'))).map(pairs => new Map(pairs)),
    fc.array(tie('value')).map(items => new Set(items)),
  ),
}))
const instant = fc.oneof(fc.double({ noNaN: true }), fc.maxSafeNat(), fc.constant(Infinity))
const entry: fc.Arbitrary<Entry> = fc.record({
  key: text,
  value,
  shareable: fc.constant(false),
  tags: fc.array(text),
  hits: fc.constant(0),
  attached: fc.constant(undefined),
  name: fc.constant(undefined),
  createdAt: instant,
  loadMs: instant,
  graceMs: instant,
  staleIfErrorMs: instant,
  bytes: instant,
  staleAt: instant,
  position: instant,
})

const options = {
  'as they are': { compressFrom: 'never' },
  compressed: { compressFrom: 1 },
  signed: { secret: 'a secret that is long enough' },
} as const

for (const [how, given] of Object.entries(options)) {
  describe(`Entries that have travelled ${how}`, () => {
    const codec = createCodec(given)

    it('are the same', () => {
      fc.assert(
        fc.property(entry, sent => {
          const kept = { ...sent, ...keepable(sent.value) }
          const back = codec.decode(codec.encode(kept))
          theSame(back?.value, kept.value)
          assert.deepEqual({ ...back, value: 0 }, { ...kept, value: 0 })
        }),
        runs(1_000),
      )
    })

    it('hold the same objects in the same places', () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)), { maxLength: 40 }), links => {
          const { value: sent, ...rest } = keepable(linked(links))
          theSame(codec.decode(codec.encode({ ...sampleEntry('a'), value: sent, ...rest }))?.value, sent)
        }),
        runs(500),
      )
    })
  })
}

type Node = Record<string, unknown> | unknown[] | Map<unknown, unknown> | Set<unknown> | Buffer

/** The first of ten objects of all kinds that are linked in any way. */
function linked(links: readonly (readonly [from: number, to: number, name: number])[]): unknown {
  const nodes = Array.from({ length: 10 }, (_, node): Node => [{}, [], new Map(), new Set(), Buffer.alloc(node)][node % 5] ?? {})
  for (const [from, to, name] of links) link(nodes[from], nodes[to], name)
  return nodes[0]
}

function link(from: Node | undefined, to: Node | undefined, name: number): void {
  if (from instanceof Map) from.set(to, name).set(name, to)
  else if (from instanceof Set) from.add(to)
  else if (Array.isArray(from)) from.push(to)
  else if (from !== undefined && !Buffer.isBuffer(from)) from[`name ${name}`] = to
}

/** The same down to the order of items and to which objects are one; assert's deepEqual does not ask for that. */
function theSame(one: unknown, other: unknown, partners = new Map<unknown, unknown>(), taken = new Set<unknown>()): void {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null) return assert.ok(Object.is(one, other))
  if (partners.has(one) || taken.has(other)) return assert.equal(partners.get(one), other)
  partners.set(one, other)
  taken.add(other)
  assert.equal(Object.getPrototypeOf(one), Object.getPrototypeOf(other))
  const [parts, others] = [partsOf(one), partsOf(other)]
  assert.equal(parts.length, others.length)
  for (const [index, part] of parts.entries()) theSame(part, others[index], partners, taken)
}

function partsOf(object: object): readonly unknown[] {
  if (object instanceof Map) return [...object].flat()
  if (object instanceof Set) return [...object]
  if (object instanceof Date) return [object.getTime()]
  if (object instanceof ArrayBuffer) return [...new Uint8Array(object)]
  if (ArrayBuffer.isView(object)) return [...new Uint8Array(object.buffer, object.byteOffset, object.byteLength)]
  return Object.entries(object).flat()
}
