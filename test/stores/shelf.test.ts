import { expect } from 'chai'
import { Shelf } from '../../lib/stores/shelf.js'
import { NOW, purge, sampleEntry } from '../../lib/testing/contract/promised.js'

describe('A shelf', () => {
  it('has what was put on it', () => {
    const shelf = shelfWith('a')
    expect(shelf.peek('a')?.value).to.equal('value of a')
    expect(shelf.peek('b')).to.equal(undefined)
  })

  it('takes nothing that a purge since its position has ended', () => {
    const shelf = shelfWith()
    shelf.apply(purge('tag', 't'))
    expect(shelf.put(sampleEntry('a', { tags: ['t'], position: 0 }))).to.equal(false)
    expect(shelf.put(sampleEntry('a', { tags: ['t'], position: 1 }))).to.equal(true)
  })

  it('hands out nothing that a purge has ended', () => {
    for (const record of [purge('tag', 'all'), purge('key', 'a'), purge('prefix', 'a'), purge('pattern', '*'), purge('prefix', '')]) {
      const shelf = shelfWith('a', 'b')
      shelf.apply(record)
      expect(shelf.peek('a')).to.equal(undefined)
    }
  })

  it('hands out stale what a soft purge has touched, and no later than it would have been', () => {
    for (const record of [purge('tag', 'all'), purge('key', 'a'), purge('prefix', 'a'), purge('pattern', '*'), purge('prefix', '')]) {
      const shelf = shelfWith('a')
      shelf.apply({ ...record, soft: true, at: NOW - 5 })
      expect(shelf.peek('a')?.staleAt).to.equal(NOW - 5)
      shelf.apply({ ...record, soft: true, at: NOW + 5 })
      expect(shelf.peek('a')?.staleAt).to.equal(NOW - 5)
    }
  })

  it('counts the positions of the journal that leads', () => {
    const shelf = shelfWith()
    const { journal } = shelf
    journal.restart(10)
    expect(shelf.put(sampleEntry('a', { tags: ['t'], position: 10 }))).to.equal(true)
    journal.append(purge('tag', 'other'), 15)
    expect(shelf.peek('a')?.position).to.equal(15)
    journal.append(purge('tag', 't'), 16)
    expect(shelf.peek('a')).to.equal(undefined)
  })

  it('takes nothing from before its journal begins', () => {
    const shelf = shelfWith('a')
    shelf.journal.restart(10)
    expect(shelf.peek('a')).to.equal(undefined)
    expect(shelf.put(sampleEntry('a', { position: 9 }))).to.equal(false)
    expect(shelf.put(sampleEntry('a', { position: 10 }))).to.equal(true)
  })

  it('has nothing when it is cleared, and takes what comes', () => {
    const shelf = shelfWith('a')
    shelf.clear()
    expect(shelf.peek('a')).to.equal(undefined)
    expect(shelf.put(sampleEntry('a'))).to.equal(true)
  })

  it('tells what it let go of to make room, and of nothing else', () => {
    const evicted: string[] = []
    const shelf = new Shelf(2_000, key => void evicted.push(key))
    for (const key of ['a', 'b', 'c']) expect(shelf.put({ ...sampleEntry(key), bytes: 900 })).to.equal(true)
    expect(shelf.put({ ...sampleEntry('d'), bytes: 2_001 })).to.equal(false)
    shelf.apply(purge('key', 'b'))
    shelf.clear()
    expect(evicted).to.deep.equal(['a'])
  })
})

function shelfWith(...keys: readonly string[]): Shelf {
  const shelf = new Shelf(1_000_000, key => expect.fail(`let go of ${key}`))
  for (const key of keys) shelf.put(sampleEntry(key, { tags: ['all'] }))
  return shelf
}
