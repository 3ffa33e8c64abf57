import { expect } from 'chai'
import fc from 'fast-check'
import { rangesIn } from '../../lib/http/ranges.js'

describe('Ranges', () => {
  it('are within the body, and apart from each other', () => {
    const spec = fc.oneof(
      fc.tuple(fc.nat(2000), fc.nat(2000)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.nat(2000).map(from => `${from}-`),
      fc.nat(2000).map(length => `-${length}`),
    )
    fc.assert(
      fc.property(fc.array(spec, { minLength: 1, maxLength: 16 }), fc.integer({ min: 1, max: 1500 }), (specs, size) => {
        const ranges = rangesIn(`bytes=${specs.join()}`, size) ?? []
        for (const { first, last } of ranges) expect(first >= 0 && first <= last && last < size).to.equal(true)
        const ordered = ranges.toSorted((a, b) => a.first - b.first)
        for (const [at, { last }] of ordered.entries()) expect(last).to.be.below(ordered[at + 1]?.first ?? size)
        const covers = (byte: number) => ranges.some(({ first, last }) => first <= byte && byte <= last)
        for (const each of specs) {
          const [from = '', to = ''] = each.split('-')
          const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
          if (first < size && each !== '-0') expect(covers(first), each).to.equal(true)
        }
      }),
    )
  })
})
