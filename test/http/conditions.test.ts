import { expect } from 'chai'
import { array, assert, constantFrom, property, record, string } from 'fast-check'
import { isHeld } from '../../lib/http/conditions.js'
import { runs } from '../property.js'

const NOW = Date.UTC(2026, 0, 2)
const MODIFIED = 'Thu, 01 Jan 2026 12:00:00 GMT'

describe('RFC 9110, 8.8.3 and 13.1.2: If-None-Match', () => {
  const rows: readonly (readonly [field: string, etag: string | undefined, held: boolean])[] = [
    ['"a"', '"a"', true],
    ['"a"', '"b"', false],
    ['"a"', '"A"', false],
    ['"a"', undefined, false],
    ['W/"a"', '"a"', true],
    ['"a"', 'W/"a"', true],
    ['W/"a"', 'W/"a"', true],
    ['W/"a"', 'W/"b"', false],
    ['*', '"a"', true],
    [' * ', '"a"', true],
    ['*', undefined, true],
    ['"*"', '"a"', false],
    ['*, "a"', '"a"', false],
    ['"a", *', '"b"', false],
    ['"x", "a"', '"a"', true],
    ['"x",W/"a"\t,"y"', '"a"', true],
    [',, "x" ,,"a",', '"a"', true],
    ['"x,y", "a"', '"x,y"', true],
    ['"x,y"', '"x"', false],
    ['"x,y"', 'W/"x,y"', true],
    ['"a,', '"a"', false],
    ['""', '""', true],
    ['"\\"', '"\\"', true],
    ['"ä"', '"ä"', true],
    // What does not fit the grammar is not guessed at.
    ['a', 'a', false],
    ['a', '"a"', false],
    ["'a'", '"a"', false],
    ['w/"a"', '"a"', false],
    ['W/ "a"', '"a"', false],
    ['W/a', '"a"', false],
    ['"a" "b"', '"a"', false],
    ['"a"; q=1', '"a"', false],
    ['"a", b', '"a"', false],
    ['"a b"', '"a b"', false],
    ['', '"a"', false],
    [',', '"a"', false],
  ]
  for (const [field, etag, held] of rows) {
    it(`${field} is ${held ? '' : 'not '}the page ${etag ?? 'without a validator'}`, () => {
      expect(isHeld({ 'if-none-match': field }, etag, undefined, NOW)).to.equal(held)
    })
  }

  it('finds a validator in any list of any, however it is marked and spaced', () => {
    const tag = record({ weak: constantFrom('', 'W/'), opaque: string({ unit: constantFrom('a', 'b', ',', '*', '\\', 'W', '/') }) })
    const lists = record({ tags: array(tag), gap: constantFrom(',', ', ', ' ,\t', ',,'), own: tag })
    assert(
      property(lists, ({ tags, gap, own }) => {
        const field = tags.map(({ weak, opaque }) => `${weak}"${opaque}"`).join(gap)
        const held = isHeld({ 'if-none-match': field }, `${own.weak}"${own.opaque}"`, undefined, NOW)
        expect(held).to.equal(tags.some(({ opaque }) => opaque === own.opaque))
      }),
      runs(500),
    )
  })
})

describe('RFC 9110, 5.6.7 and 13.1.3: If-Modified-Since', () => {
  const held = [
    'Thu, 01 Jan 2026 12:00:00 GMT',
    'Thu, 01 Jan 2026 12:00:01 GMT',
    'Thursday, 01-Jan-26 12:00:00 GMT',
    'Thu Jan  1 12:00:00 2026',
  ]
  for (const since of held) {
    it(`${since} is when the page was no other`, () => {
      expect(isHeld({ 'if-modified-since': since }, undefined, MODIFIED, NOW)).to.equal(true)
    })
  }

  const ignored = [
    'Thu, 01 Jan 2026 11:59:59 GMT',
    '2026-01-02',
    '2026-01-02T00:00:00Z',
    '02 Jan 2026',
    'Fri, 02 Jan 2026',
    'Fri, 2 Jan 2026 12:00:00 GMT',
    'Fri, 02 Jan 2026 12:00:00 +0000',
    'Fri, 02 Jan 2026 12:00:00 UTC',
    'Fri, 02 Jan 2026 12:00:00',
    'Fri, 30 Feb 2026 12:00:00 GMT',
    'Fri, 02 Jan 2026 25:00:00 GMT',
    'tomorrow',
    '9999999999999',
    '',
  ]
  for (const since of ignored) {
    it(`${JSON.stringify(since)} has the page sent`, () => {
      expect(isHeld({ 'if-modified-since': since }, undefined, MODIFIED, NOW)).to.equal(false)
    })
  }

  for (const modified of [undefined, 'lately', '2025-01-01', '']) {
    it(`says nothing of a page whose Last-Modified is ${String(modified)}`, () => {
      expect(isHeld({ 'if-modified-since': MODIFIED }, undefined, modified, NOW)).to.equal(false)
    })
  }
})

describe('RFC 9110, 13.2.2: of two conditions', () => {
  const rows: readonly (readonly [tags: string, held: boolean])[] = [
    ['"a"', true],
    ['"other"', false],
    ['malformed', false],
    ['', false],
  ]
  for (const [tags, held] of rows) {
    for (const since of [MODIFIED, 'Thu, 01 Jan 1998 12:00:00 GMT', 'never']) {
      it(`If-None-Match ${JSON.stringify(tags)} counts, and not If-Modified-Since ${since}`, () => {
        expect(isHeld({ 'if-none-match': tags, 'if-modified-since': since }, '"a"', MODIFIED, NOW)).to.equal(held)
      })
    }
  }

  it('neither counts for a visitor who reloads', () => {
    for (const control of ['no-cache', 'max-age=0, No-Cache']) {
      expect(isHeld({ 'if-none-match': '"a"', 'cache-control': control }, '"a"', MODIFIED, NOW)).to.equal(false)
    }
    for (const control of ['max-age=0', 'x="no-cache"', 'no-cache-at-all']) {
      expect(isHeld({ 'if-none-match': '"a"', 'cache-control': control }, '"a"', MODIFIED, NOW)).to.equal(true)
    }
  })
})
