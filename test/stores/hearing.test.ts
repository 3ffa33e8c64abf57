import { expect } from 'chai'
import fc from 'fast-check'
import { touches, type Purge } from '../../lib/journal/purge.js'
import { Hearing } from '../../lib/stores/hearing.js'
import { purge, sampleEntry } from '../../lib/testing/contract/promised.js'
import { runs } from '../property.js'

const NAMES = ['a', 'b', 'ab']
const purges: fc.Arbitrary<Purge> = fc.record({
  kind: fc.constantFrom('tag', 'key', 'prefix', 'pattern'),
  name: fc.constantFrom(...NAMES, ''),
  soft: fc.boolean(),
  at: fc.constant(10),
})

describe('What was heard of a journal', () => {
  it('judges an entry of any age as each purge since its position would have it', () => {
    const stories = fc.tuple(fc.array(purges, { maxLength: 12 }), fc.nat({ max: 5 }), fc.nat({ max: 20 }), fc.constantFrom(...NAMES))
    const property = fc.property(stories, ([all, begin, position, key]) => {
      const hearing = new Hearing()
      hearing.beginAnew(begin)
      all.forEach((each, at) => hearing.append(each, begin + at + 1))
      const entry = sampleEntry(key, { tags: ['a'], position, staleAt: 50 })
      const since = all.filter((each, at) => begin + at + 1 > position && touches(each, entry))
      const ended = position < begin || since.some(({ soft }) => !soft)
      const judged = hearing.judged(entry)
      // Whether what came before all of it was purged, nobody knows here.
      if (position < begin) expect(position).to.be.below(hearing.since)
      expect(judged?.staleAt).to.equal(ended ? undefined : since.length > 0 ? 10 : 50)
    })
    fc.assert(property, runs(2_000))
  })

  it('knows that it has forgotten which keys were purged, when there were too many', () => {
    const hearing = new Hearing()
    hearing.append(purge('key', 'first'), 1)
    expect(hearing.judged(sampleEntry('first', { position: 0 }))).to.equal(undefined)
    for (let position = 2; position < 20_000; position++) hearing.append(purge('key', `${position}`), position)
    expect(hearing.since).to.be.above(1)
    expect(hearing.judged(sampleEntry('first', { position: 0 }))).to.equal(undefined)
    expect(hearing.judged(sampleEntry('any', { position: hearing.since }))?.position).to.equal(19_999)
  })
})
