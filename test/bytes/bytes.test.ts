import { expect } from 'chai'
import { ConfigError } from 'smart-cache'
import { shown } from '../../lib/errors.js'
import { bytesOf } from '../../lib/bytes.js'

describe('A size', () => {
  const rows: readonly (readonly [unknown, number])[] = [
    [1, 1],
    [4096, 4096],
    ['1kb', 1024],
    ['512kb', 512 * 1024],
    ['64mb', 64 * 1024 * 1024],
    ['1gb', 1024 ** 3],
    ['1.5kb', 1536],
    ['0.001mb', 1048],
  ]
  for (const [size, bytes] of rows) {
    it(`${String(size)} is ${bytes} bytes`, () => {
      expect(bytesOf(size, 'maxBytes')).to.equal(bytes)
    })
  }

  const refused = [
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    '',
    '64',
    '64MB',
    '64 mb',
    '64b',
    '-1kb',
    '0kb',
    '.5kb',
    '1e3kb',
    'kb',
    '9'.repeat(30) + 'gb',
  ]
  for (const size of [...refused, null, undefined, true, 5n, [1], {}]) {
    it(`cannot be ${typeof size} ${shown(size)}`, () => {
      expect(() => bytesOf(size, 'maxBytes')).to.throw(
        ConfigError,
        "Expected `maxBytes` to be a size ('512kb', '64mb', '1gb', or bytes), got ",
      )
    })
  }
})
