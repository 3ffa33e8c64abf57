import { expect } from 'chai'
import fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { HoleCutter, HoleMarks } from '../../lib/holes/hole-marks.js'
import { deflatedPart, StitchedGzip } from '../../lib/responses/stitched-gzip.js'
import { runs } from '../property.js'

describe('The marks of holes', () => {
  it('are found wherever the body is torn, and nothing else is taken for one', () => {
    const pieces = fc.array(fc.oneof(fc.string(), fc.constantFrom(0, 1, 2), fc.constantFrom('base', 'torn', 'unknown')), { maxLength: 12 })
    const torn = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(pieces, torn, (given, lengths) => {
        const marks = new HoleMarks()
        const holes = [0, 1, 2].map(number => marks.of(`hole ${number}`))
        const lures: Readonly<Record<string, string>> = { base: marks.base, torn: marks.base.slice(0, 9), unknown: `${marks.base}ffff` }
        const text = given.map(piece => (typeof piece === 'number' ? holes[piece] : (lures[piece] ?? piece))).join('|')
        const meant = given.map(piece => (typeof piece === 'number' ? `<hole ${piece}>` : (lures[piece] ?? piece))).join('|')
        const cutter = new HoleCutter(marks)
        const bytes = Buffer.from(text)
        const found: (Buffer | string)[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = at + (lengths[turn % lengths.length] ?? 1)
          found.push(...cutter.cut(bytes.subarray(at, end), false))
          at = end
        }
        found.push(...cutter.cut(Buffer.alloc(0), true))
        const read = Buffer.concat(found.map(piece => (typeof piece === 'string' ? Buffer.from(`<${piece}>`) : piece))).toString()
        expect(read).to.equal(meant)
      }),
      runs(500),
    )
  })

  it('are the same for the same hole, and no others’', () => {
    const marks = new HoleMarks()
    expect(marks.of('a')).to.equal(marks.of('a')).and.not.equal(marks.of('b'))
    expect(new HoleMarks().of('a')).to.not.equal(marks.of('a'))
  })
})

describe('A gzip stream that is stitched', () => {
  it('is one that everybody can read', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    const property = fc.asyncProperty(fc.array(fc.tuple(bytes, bytes), { maxLength: 6 }), bytes, async (pairs, end) => {
      const gzip = new StitchedGzip()
      const stitched = [gzip.begin()]
      for (const [part, hole] of [...pairs, [end, Buffer.alloc(0)] as const]) {
        const plain = Buffer.from(part)
        stitched.push(gzip.part({ plain, sent: await deflatedPart(plain) }), gzip.hole(Buffer.from(hole)))
      }
      const whole = Buffer.concat([...pairs.flat(), end].map(piece => Buffer.from(piece)))
      expect(gunzipSync(Buffer.concat([...stitched, gzip.end()])).equals(whole)).to.equal(true)
    })
    await fc.assert(property, runs(200))
  })
})
