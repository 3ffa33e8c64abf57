import { expect } from 'chai'
import { Journal } from '../../lib/journal/journal.js'
import { purge } from '../../lib/testing/contract/promised.js'

const stamped = (position: number, key = 'k', tags: readonly string[] = ['t']) => ({ position, key, tags })

describe('A journal that has let go of marks', () => {
  it('takes what is older than a forgotten mark for ended, and what is newer for good', () => {
    const journal = new Journal({ maxMarks: 2 })
    for (const tag of ['t', 'b', 'c']) journal.append(purge('tag', tag))
    expect(journal.ended(stamped(0)), 'the purge that ended it is forgotten').to.equal(true)
    expect(journal.ended(stamped(0, 'k', ['never purged'])), 'nobody can tell').to.equal(true)
    expect(journal.ended(stamped(1)), 'computed after the forgotten purge').to.equal(false)
    expect(journal.ended(stamped(1, 'k', ['b'])), 'this mark is still there').to.equal(true)
    expect(journal.ended(stamped(2, 'k', ['c'])), 'this mark is still there').to.equal(true)
  })

  it('lets go of the mark first that was not purged for longest', () => {
    const journal = new Journal({ maxMarks: 2 })
    for (const tag of ['a', 'b', 'a', 'c']) journal.append(purge('tag', tag))
    expect(journal.ended(stamped(2, 'k', ['a'])), 'purged again at 3').to.equal(true)
    expect(journal.ended(stamped(2, 'k', ['x'])), 'what is forgotten was purged at 2').to.equal(false)
    expect(journal.ended(stamped(1, 'k', ['x'])), 'what is forgotten was purged at 2').to.equal(true)
  })

  it('counts a forgotten soft mark as a hard one', () => {
    const journal = new Journal({ maxMarks: 1 })
    journal.append(purge('tag', 't', { soft: true }))
    journal.append(purge('tag', 'b'))
    expect(journal.ended(stamped(0))).to.equal(true)
    expect(journal.ended(stamped(1))).to.equal(false)
  })

  it('remembers everything about a tag as long as it remembers the tag', () => {
    const journal = new Journal({ maxMarks: 2 })
    journal.append(purge('tag', 't'))
    for (let round = 0; round < 100; round++) journal.append(purge('tag', 'b'))
    expect(journal.ended(stamped(0, 'k', ['x']))).to.equal(false)
    expect(journal.ended(stamped(0))).to.equal(true)
  })
})

describe('A journal that has let go of bans', () => {
  it('takes what is older than a forgotten ban for ended, and what is newer for good', () => {
    const journal = new Journal({ maxBans: 2 })
    for (const name of ['k*', 'b*', 'c*']) journal.append(purge('pattern', name))
    expect(journal.ended(stamped(0)), 'the ban that ended it is forgotten').to.equal(true)
    expect(journal.ended(stamped(0, 'x')), 'nobody can tell').to.equal(true)
    expect(journal.ended(stamped(1, 'x'))).to.equal(false)
    expect(journal.ended(stamped(1, 'b'))).to.equal(true)
  })

  it('counts a ban said again once, and as new', () => {
    const journal = new Journal({ maxBans: 2 })
    journal.append(purge('pattern', 'a*'))
    for (let round = 0; round < 100; round++) journal.append(purge('prefix', 'b'))
    expect(journal.ended(stamped(0, 'x'))).to.equal(false)
    expect(journal.ended(stamped(100, 'b'))).to.equal(true)
    expect(journal.ended(stamped(0, 'a'))).to.equal(true)
  })

  it('tells bans apart by kind, name, namespace and softness', () => {
    const journal = new Journal()
    journal.append(purge('pattern', 'k', { within: '~/shop:' }))
    journal.append(purge('pattern', 'k'))
    journal.append(purge('prefix', 'k'))
    journal.append(purge('prefix', 'k', { soft: true, at: 5 }))
    expect(journal.ended(stamped(0, '~/shop:k'))).to.equal(true)
    expect(journal.ended(stamped(1, '~/shop:k'))).to.equal(false)
    expect(journal.ended(stamped(1, 'k'))).to.equal(true)
    expect(journal.ended(stamped(2, 'kk'))).to.equal(true)
    expect(journal.outdatedAt(stamped(3, 'kk'))).to.equal(5)
  })
})

describe('A journal that begins anew', () => {
  it('takes all that is older for ended, and what comes later for good', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't'))
    journal.restart(10)
    expect(journal.position).to.equal(10)
    expect(journal.ended(stamped(9, 'k', ['never purged']))).to.equal(true)
    expect(journal.ended(stamped(10))).to.equal(false)
    expect(journal.append(purge('tag', 't'))).to.equal(11)
    expect(journal.ended(stamped(10))).to.equal(true)
    expect(journal.ended(stamped(11))).to.equal(false)
  })

  it('may begin lower than it was', () => {
    const journal = new Journal()
    for (let round = 0; round < 5; round++) journal.append(purge('tag', 't'))
    journal.append(purge('pattern', 'k*'))
    journal.restart(2)
    expect(journal.ended(stamped(2))).to.equal(false)
    expect(journal.ended(stamped(1))).to.equal(true)
  })
})

describe('A journal that another leads', () => {
  it('takes the positions it is given', () => {
    const journal = new Journal()
    expect(journal.append(purge('tag', 't'), 7)).to.equal(7)
    expect(journal.position).to.equal(7)
    expect(journal.ended(stamped(6))).to.equal(true)
    expect(journal.ended(stamped(7))).to.equal(false)
    expect(journal.append(purge('tag', 'other'))).to.equal(8)
  })
})

describe('A journal after a purge of everything', () => {
  it('needs no mark to take what is older for ended', () => {
    const journal = new Journal()
    journal.append(purge('tag', 't'))
    journal.append(purge('prefix', ''))
    expect(journal.ended(stamped(1, 'k', ['never purged']))).to.equal(true)
    expect(journal.ended(stamped(2))).to.equal(false)
  })

  it('holds what comes later against what comes later', () => {
    const journal = new Journal()
    journal.append(purge('prefix', ''))
    journal.append(purge('tag', 't'))
    journal.append(purge('pattern', 'k'))
    expect(journal.ended(stamped(1))).to.equal(true)
    expect(journal.ended(stamped(2))).to.equal(true)
    expect(journal.ended(stamped(3))).to.equal(false)
  })
})
