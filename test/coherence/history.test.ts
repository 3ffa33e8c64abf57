import { expect } from 'chai'
import { violations, type ReadRecord, type WriteRecord } from './history.js'

const read = (version: number, startedAt: number): ReadRecord => ({ row: 1, version, startedAt, endedAt: startedAt + 1, from: 'cache' })
const write = (version: number, resolvedAt: number): WriteRecord => ({ row: 1, version, resolvedAt })

describe('The checker of histories', () => {
  const rows: readonly [string, readonly ReadRecord[], readonly WriteRecord[], number][] = [
    ['passes a read of the newest version', [read(2, 20)], [write(1, 5), write(2, 10)], 0],
    ['finds a read of an old version after its invalidation', [read(1, 20)], [write(1, 5), write(2, 10)], 1],
    ['passes an old version asked for before the invalidation resolved', [read(1, 9)], [write(1, 5), write(2, 10)], 0],
    ['passes a version whose invalidation has not resolved yet', [read(3, 20)], [write(2, 10), write(3, 30)], 0],
    ['goes by the newest version due, whatever order the invalidations resolved in', [read(2, 20)], [write(3, 8), write(2, 12)], 1],
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
})
