import { expect } from 'chai'
import { assert, constantFrom, array, property, string } from 'fast-check'
import { parseCacheControl, sharedMaxAgeSeconds } from '../../lib/http/cache-control.js'
import { runs } from '../property.js'

describe('A Cache-Control field', () => {
  const rows: readonly (readonly [field: string | string[] | undefined, directives: Record<string, string | undefined>])[] = [
    [undefined, {}],
    ['', {}],
    [' \t', {}],
    [',, ,', {}],
    ['public', { public: undefined }],
    ['Public , MAX-AGE=60', { public: undefined, 'max-age': '60' }],
    ['max-age = 60', { 'max-age': '60' }],
    ['max-age="60"', { 'max-age': '60' }],
    ['private="a, b=\\"c\\"", no-transform', { private: 'a, b=\\"c\\"', 'no-transform': undefined }],
    [['public', 'max-age=60'], { public: undefined, 'max-age': '60' }],
    ['max-age=1, max-age=2', { 'max-age': '1' }],
    ['x-own=!#$', { 'x-own': '!#$' }],
    ['__proto__=1', { ['__proto__']: '1' }],
  ]
  for (const [field, directives] of rows) {
    it(`${JSON.stringify(field)} is read`, () => {
      expect([...(parseCacheControl(field) ?? ['malformed'])]).to.deep.equal(Object.entries(directives))
    })
  }

  for (const field of ['a b', 'a;b', '=', 'a=', 'a="', '"a"', 'a="b"c', 'a=b=c', 'ä', 'a,b c', '\u0000', 'a\n']) {
    it(`${JSON.stringify(field)} is malformed`, () => {
      expect(parseCacheControl(field)).to.equal(undefined)
    })
  }

  it('is read or malformed, and never throws, whatever it is', () => {
    const pieces = constantFrom('private', 'no-store', 'max-age', '=', '"', ',', ' ', '\t', '\\', '60', ';', 'é', '\u0000')
    assert(
      property(array(pieces), string(), (parts, tail) => {
        const directives = parseCacheControl(parts.join('') + tail)
        expect(directives === undefined || directives instanceof Map).to.equal(true)
      }),
      runs(2000),
    )
  })

  it('that names a directive in its list has it read, whatever surrounds it', () => {
    const element = constantFrom('', ' ', 'public', 'max-age=60', 'x="y, z"', 'no-cache="a"', '\t')
    assert(
      property(array(element), array(element), (before, after) => {
        expect(parseCacheControl([...before, 'No-Store', ...after].join(','))?.has('no-store')).to.equal(true)
      }),
      runs(500),
    )
  })

  const ages: readonly (readonly [field: string, seconds: number | undefined])[] = [
    ['public', undefined],
    ['max-age=60', 60],
    ['s-maxage=5, max-age=60', 5],
    ['max-age=60, s-maxage=500', 500],
    ['max-age=007', 7],
    ['max-age=99999999999999999999', 2 ** 31],
    ['max-age', 0],
    ['max-age=-1', 0],
    ['max-age=+1', 0],
    ['max-age=1.0', 0],
    ['max-age=0x10', 0],
    ['max-age=""', 0],
    ['max-age="60"', 60],
  ]
  for (const [field, seconds] of ages) {
    it(`${field} allows ${seconds ?? 'no number of'} seconds`, () => {
      const directives = parseCacheControl(field)
      expect(directives && sharedMaxAgeSeconds(directives)).to.equal(seconds)
    })
  }
})
