import assert from 'node:assert/strict'
import { keepable } from '../../entries/keepable.js'
import { found, kept, sampleEntry, type Promised } from './promised.js'

/** One value of every kind that an entry may hold. */
const VALUES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  zero: 0,
  'negative zero': -0,
  'not a number': NaN,
  infinity: -Infinity,
  'a fraction': 0.1 + 0.2,
  'an empty string': '',
  'a string beyond the basic plane': 'naïve 日本 🦊 \u0000 \ud800',
  false: false,
  true: true,
  'a small bigint': 0n,
  'a large bigint': -(2n ** 200n),
  'an empty array': [],
  'an array with undefined and null': [undefined, null, [[]]],
  'an empty object': {},
  'an object with undefined': { a: undefined },
  'an object with the name __proto__': JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":2}'),
  'an object without a prototype': Object.assign(Object.create(null) as object, { a: 1 }),
  'an object with names that are numbers': { 10: 'a', 9: 'b', '-1': 'c', '01': 'd' },
  'a date': new Date('2026-03-29T00:59:00.123Z'),
  'a Map': new Map<unknown, unknown>([
    [1, 'one'],
    ['1', { nested: new Map() }],
    [undefined, null],
  ]),
  'a Set': new Set<unknown>([1, '1', 1n, null, undefined]),
  'a Buffer': Buffer.from([0, 1, 127, 128, 255]),
  'an empty Buffer': Buffer.alloc(0),
  'an ArrayBuffer': new Uint8Array([1, 2, 3]).buffer,
  'typed arrays': [new Uint8Array([1, 255]), new Int16Array([-1]), new Float64Array([NaN, -0]), new BigInt64Array([-1n])],
  'a DataView': new DataView(new Uint8Array([1, 2, 3]).buffer),
  'all of them, deep inside': { list: [new Map([[{ a: 1 }, new Set([new Date(0)])]]), Buffer.from('x'), -0, undefined] },
}

const KEYS: readonly string[] = [
  ' ',
  'with spaces',
  'tab\tand\nnewline\r\n',
  '\u0000',
  '\u007f',
  '{braces}',
  '*?[a]\\',
  '%25&=+#/../',
  'quote\'"`',
  'naïve 日本 🦊',
  'e\u0301',
  '__proto__',
  'constructor',
  '0',
  '~/shop:a',
  '~page GET /a?b=c',
  'long'.repeat(500),
]

export const valueChecks: readonly Promised[] = [
  ...Object.entries(VALUES).map(([kind, value]): Promised => ({
    title: `gives back ${kind} unchanged`,
    async check(store) {
      await kept(store, 'filled', { value })
      await store.put(sampleEntry('put', { value }))
      for (const key of ['filled', 'put']) {
        const entry = await found(store, key)
        assert.notEqual(entry, undefined)
        assert.deepEqual(entry?.value, value)
        assert.equal(entry?.shareable, keepable(value).shareable)
      }
    },
  })),
  {
    title: 'gives back a date that is none unchanged',
    async check(store) {
      await kept(store, 'a', { value: new Date(NaN) })
      const date = (await found(store, 'a'))?.value
      assert.ok(date instanceof Date && Number.isNaN(date.getTime()), 'deepEqual holds two such dates for different')
    },
  },
  {
    title: 'gives back an object that contains itself unchanged',
    async check(store) {
      const ring: { self?: unknown; twice: unknown[] } = { twice: [] }
      ring.self = ring
      ring.twice.push(ring.twice, ring)
      await kept(store, 'a', { value: ring })
      assert.deepEqual((await found(store, 'a'))?.value, ring)
    },
  },
  {
    title: 'tells keys with odd characters apart, and each from its neighbours',
    async check(store) {
      for (const key of KEYS) await kept(store, key)
      for (const key of KEYS) assert.equal((await found(store, key))?.value, `value of ${key}`)
      for (const key of ['é', `${'long'.repeat(500)} `, 'Constructor', '00', 'with  spaces']) {
        assert.equal(await found(store, key), undefined, `nobody filled ${JSON.stringify(key)}`)
      }
    },
  },
]
