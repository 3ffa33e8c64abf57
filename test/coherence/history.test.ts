import { expect } from 'chai'
import { violations, worstStalenessMs, type ReadRecord, type WriteRecord } from './history.js'

const read = (version: number, startedAt: number): ReadRecord => ({ row: 1, version, startedAt, from: 'cache' })
const write = (version: number, resolvedAt: number): WriteRecord => ({ row: 1, version, committedAt: resolvedAt - 4, resolvedAt })

describe('The checker of histories', () => {
  const rows: readonly [string, readonly ReadRecord[], readonly WriteRecord[], number][] = [
    ['passes a read of the newest version', [read(2, 20)], [write(1, 5), write(2, 10)], 0],
    ['finds a read of an old version after its invalidation', [read(1, 20)], [write(1, 5), write(2, 10)], 1],
    ['passes an old version asked for before the invalidation resolved', [read(1, 9)], [write(1, 5), write(2, 10)], 0],
    ['passes an old version asked for as it resolved', [read(1, 10)], [write(1, 5), write(2, 10)], 0],
    ['passes a version whose invalidation has not resolved yet', [read(3, 20)], [write(2, 10), write(3, 30)], 0],
    ['goes by the newest version due, whatever order the invalidations resolved in', [read(2, 20)], [write(3, 8), write(2, 12)], 1],
    ['finds each read that came too late', [read(1, 9), read(1, 11), read(2, 12), read(0, 13)], [write(1, 5), write(2, 10)], 2],
    ['finds an old version long after others', [read(2, 7), read(3, 20), read(2, 90)], [write(2, 5), write(3, 10)], 1],
    ['tells rows apart', [{ ...read(1, 20), row: 2 }], [write(2, 10)], 0],
    ['passes a history without writes', [read(0, 1)], [], 0],
  ]
  for (const [title, reads, writes, count] of rows) {
    it(title, () => {
      expect(violations(reads, writes)).to.have.length(count)
    })
  }

  it('says how late the read was', () => {
    expect(violations([read(1, 25)], [write(2, 10)])).to.deep.equal([{ read: read(1, 25), due: 2, lateMs: 15 }])
  })

  const stale: readonly [string, readonly ReadRecord[], readonly WriteRecord[], number][] = [
    ['counts from the COMMIT that first replaced what was read', [read(1, 25)], [write(3, 20), write(2, 10)], 19],
    ['takes the worst of all', [read(1, 8), read(1, 9), read(2, 30)], [write(2, 10)], 3],
    ['is none where the newest was read, or nothing newer is known', [read(2, 25), read(9, 99)], [write(2, 10)], 0],
    ['is none where the COMMIT came after the question', [read(1, 3)], [write(2, 10)], 0],
  ]
  for (const [title, reads, writes, ms] of stale) {
    it(`says how stale the stalest was, which ${title}`, () => {
      expect(worstStalenessMs(reads, writes)).to.equal(ms)
    })
  }
})
