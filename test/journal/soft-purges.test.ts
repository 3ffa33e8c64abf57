import { expect } from 'chai'
import { Journal } from '../../lib/journal/journal.js'
import { purge } from '../../lib/testing/contract/promised.js'

const stamped = (position: number, key = 'k', tags: readonly string[] = ['t']) => ({ position, key, tags })
const soft = (at: number) => ({ soft: true, at })

describe('A soft purge in the journal', () => {
  for (const [what, record] of [
    ['a tag', purge('tag', 't', soft(500))],
    ['a prefix', purge('prefix', 'k', soft(500))],
    ['a pattern', purge('pattern', '*', soft(500))],
    ['everything', purge('prefix', '', soft(500))],
  ] as const) {
    it(`of ${what} ends nothing, and makes stale what was computed before`, () => {
      const journal = new Journal()
      const at = journal.append(record)
      journal.append(purge('tag', 'other'))
      expect(journal.ended(stamped(0))).to.equal(false)
      expect(journal.outdatedAt(stamped(0))).to.equal(500)
      expect(journal.outdatedAt(stamped(at))).to.equal(Infinity)
    })
  }

  it('passes what it does not touch', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't', soft(500)))
    journal.append(purge('prefix', 'k', soft(500)))
    expect(journal.outdatedAt(stamped(0, 'other', ['s']))).to.equal(Infinity)
  })

  it('after a hard one leaves that in force', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't'))
    journal.append(purge('tag', 't', soft(500)))
    expect(journal.ended(stamped(0))).to.equal(true)
    expect(journal.ended(stamped(1))).to.equal(false)
    expect(journal.outdatedAt(stamped(1))).to.equal(500)
  })

  it('before a hard one is overtaken by it', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't', soft(500)))
    journal.append(purge('tag', 't'))
    expect(journal.ended(stamped(1))).to.equal(true)
    expect(journal.outdatedAt(stamped(2))).to.equal(Infinity)
  })

  it('by prefix does not take the place of a hard one of the same prefix', () => {
    const journal = new Journal()
    journal.append(purge('prefix', 'k'))
    journal.append(purge('prefix', 'k', soft(500)))
    expect(journal.ended(stamped(0))).to.equal(true)
  })

  it('of everything leaves the marks of hard ones in force', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't'))
    journal.append(purge('prefix', '', soft(500)))
    expect(journal.ended(stamped(0))).to.equal(true)
    expect(journal.ended(stamped(1))).to.equal(false)
  })

  it('by several ways makes stale from the first', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't', soft(700)))
    journal.append(purge('prefix', 'k', soft(500)))
    journal.append(purge('tag', 's', soft(600)))
    expect(journal.outdatedAt(stamped(0, 'k', ['s', 't']))).to.equal(500)
  })
})
