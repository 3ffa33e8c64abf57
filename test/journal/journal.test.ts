import { expect } from 'chai'
import { Journal } from '../../lib/journal/journal.js'
import { purge } from '../../lib/testing/contract/promised.js'

const stamped = (position: number, key = 'k', tags: readonly string[] = ['t']) => ({ position, key, tags })

describe('The journal', () => {
  it('begins at 0, where nothing has ended', () => {
    const journal = new Journal()
    expect(journal.position).to.equal(0)
    expect(journal.ended(stamped(0))).to.equal(false)
  })

  for (const record of [purge('tag', 'x'), purge('key', 'x'), purge('prefix', 'x'), purge('pattern', 'x'), purge('prefix', '')]) {
    for (const soft of [false, true]) {
      it(`moves by one at a ${soft ? 'soft ' : ''}purge by ${record.kind} ${record.name}`, () => {
        const journal = new Journal()
        journal.append(purge('tag', 'before'))
        expect(journal.append({ ...record, soft })).to.equal(2)
        expect(journal.position).to.equal(2)
      })
    }
  }

  const kinds = [
    ['a tag', purge('tag', 't')],
    ['a prefix', purge('prefix', 'k')],
    ['a pattern', purge('pattern', '*k')],
    ['everything', purge('prefix', '')],
  ] as const
  for (const [what, record] of kinds) {
    it(`ends with ${what} what was computed before, not what was computed after`, () => {
      const journal = new Journal()
      const before = journal.position
      const at = journal.append(record)
      journal.append(purge('tag', 'other'))
      expect(journal.ended(stamped(before))).to.equal(true)
      expect(journal.ended(stamped(at))).to.equal(false)
    })
  }

  for (const [what, record] of kinds.slice(0, 3)) {
    it(`passes with ${what} what it does not touch`, () => {
      const journal = new Journal()
      journal.append(record)
      expect(journal.ended(stamped(0, 'other', ['s', 'u']))).to.equal(false)
    })
  }

  it('leaves purges of one key to the store', () => {
    const journal = new Journal()
    journal.append(purge('key', 'k'))
    expect(journal.ended(stamped(0))).to.equal(false)
  })

  it('remembers the last of several purges of a tag', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't'))
    journal.append(purge('tag', 's'))
    journal.append(purge('tag', 't'))
    expect(journal.ended(stamped(2))).to.equal(true)
    expect(journal.ended(stamped(3))).to.equal(false)
  })

  it('remembers the last of several equal bans', () => {
    const journal = new Journal()
    journal.append(purge('pattern', 'k*'))
    journal.append(purge('pattern', 'x*'))
    journal.append(purge('pattern', 'k*'))
    expect(journal.ended(stamped(2))).to.equal(true)
    expect(journal.ended(stamped(3))).to.equal(false)
  })

  it('ends an entry by any of its tags', () => {
    const journal = new Journal()
    journal.append(purge('tag', 'c'))
    expect(journal.ended(stamped(0, 'k', ['a', 'b', 'c']))).to.equal(true)
    expect(journal.ended(stamped(0, 'k', []))).to.equal(false)
  })

  it('takes __proto__ for an ordinary tag', () => {
    const journal = new Journal()
    expect(journal.ended(stamped(-1, 'k', ['__proto__', 'constructor']))).to.equal(true)
    journal.append(purge('tag', 'other'))
    expect(journal.ended(stamped(0, 'k', ['__proto__', 'constructor']))).to.equal(false)
    journal.append(purge('tag', '__proto__'))
    expect(journal.ended(stamped(1, 'k', ['__proto__']))).to.equal(true)
  })
})
