import { expect } from 'chai'
import * as fc from 'fast-check'
import { Journal } from '../../lib/journal/journal.js'
import { touches, type Purge } from '../../lib/journal/purge.js'
import { runs } from '../property.js'

const tag = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const soft = fc.boolean()
const at = fc.nat(9)

const anyPurge: fc.Arbitrary<Purge> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tag'), name: tag, soft, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prefix'), name: fc.constantFrom('a', 'b', 'ab', 'c'), soft, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pattern'), name: fc.constantFrom('*a', 'b*', 'a*c'), soft, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prefix'), name: fc.constant(''), soft, at }) },
)

const history = fc.array(anyPurge, { maxLength: 24 })
const subject = fc.record({
  key: fc.constantFrom('a', 'b', 'abc', 'ca', 'd'),
  tags: fc.uniqueArray(tag, { maxLength: 3 }),
  since: fc.nat(24),
})

describe('The journal, beside one that keeps every record', () => {
  it('never takes for good what a hard purge has ended, however little it remembers', () => {
    let good = 0
    fc.assert(
      fc.property(history, subject, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (purges, one, maxMarks, maxBans) => {
        const { journal, entry, later } = told(purges, one, { maxMarks, maxBans })
        if (later.some(record => !record.soft && touches(record, entry))) expect(journal.ended(entry)).to.equal(true)
        else if (!journal.ended(entry)) good++
      }),
      runs(5_000),
    )
    expect(good, 'it took nearly everything for ended').to.be.above(500)
  })

  it('takes for ended exactly what a hard purge has ended, if it may remember all', () => {
    fc.assert(
      fc.property(history, subject, (purges, one) => {
        const { journal, entry, later } = told(purges, one, {})
        const everything = later.some(({ kind, name, soft: mild }) => kind === 'prefix' && name === '' && !mild)
        expect(journal.ended(entry)).to.equal(everything || later.some(record => !record.soft && touches(record, entry)))
      }),
      runs(5_000),
    )
  })

  it('takes for outdated what a soft purge has touched, if it may remember all', () => {
    fc.assert(
      fc.property(history, subject, (purges, one) => {
        const { journal, entry, later } = told(purges, one, {})
        if (journal.ended(entry)) return
        const instants = later.filter(record => record.soft && touches(record, entry)).map(record => record.at)
        const outdatedAt = journal.outdatedAt(entry)
        if (instants.length === 0) expect(outdatedAt).to.equal(Infinity)
        else expect(instants).to.include(outdatedAt)
      }),
      runs(5_000),
    )
  })
})

function told(
  purges: readonly Purge[],
  { since, ...subjectOf }: { readonly since: number; readonly key: string; readonly tags: readonly string[] },
  limits: ConstructorParameters<typeof Journal>[0],
): {
  readonly journal: Journal
  readonly entry: { key: string; tags: readonly string[]; position: number }
  readonly later: readonly Purge[]
} {
  const journal = new Journal(limits)
  for (const record of purges) journal.append(record)
  const position = Math.min(since, purges.length)
  return { journal, entry: { ...subjectOf, position }, later: purges.slice(position) }
}
