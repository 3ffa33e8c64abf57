import { expect } from 'chai'
import { handedOut, keepable } from '../../lib/entries/keepable.js'

describe('A kept value', () => {
  it('is plain data, frozen through and through', () => {
    const { value, shareable } = keepable({ list: [{ deep: [1] }], none: null })
    expect(shareable).to.equal(true)
    expect(every(value).every(Object.isFrozen)).to.equal(true)
    expect(value).to.deep.equal({ list: [{ deep: [1] }], none: null })
  })

  for (const value of [undefined, null, 0, '', false, 'text', 7n, NaN]) {
    it(`is ${typeof value} ${String(value)} itself`, () => {
      const kept = keepable(value)
      expect(kept.value).to.deep.equal(value)
      expect(kept.shareable).to.equal(true)
    })
  }

  it('is a copy; the caller’s own stays his, unfrozen', () => {
    const mine = { list: [{ a: 1 }], when: new Date(5) }
    const kept = keepable(mine).value as typeof mine
    mine.list.push({ a: 2 })
    mine.when.setTime(6)
    expect(every(mine).some(Object.isFrozen)).to.equal(false)
    expect(kept).to.deep.equal({ list: [{ a: 1 }], when: new Date(5) })
  })

  for (const value of [new Date(5), new Map(), new Set(), Buffer.from('a'), new Uint8Array(1), new ArrayBuffer(1)]) {
    it(`cannot be shared if there is a ${value.constructor.name} in it`, () => {
      expect(keepable(value).shareable).to.equal(false)
      expect(keepable([{ deep: value }]).shareable).to.equal(false)
    })
  }

  it('contains itself where the original did', () => {
    const ring: Record<string, unknown> = { list: [] }
    ring['self'] = ring
    ;(ring['list'] as unknown[]).push(ring, ring['list'])
    const kept = keepable(ring).value as typeof ring
    expect(kept['self']).to.equal(kept)
    expect(kept['list']).to.deep.equal([kept, kept['list']])
    expect(kept).to.not.equal(ring)
  })

  it('holds once what the original held twice', () => {
    const twice = { a: 1 }
    const kept = keepable([twice, twice]).value as unknown[]
    expect(kept[0]).to.equal(kept[1])
  })

  it('takes __proto__ for an ordinary name', () => {
    const kept = keepable(JSON.parse('{"__proto__":{"polluted":true}}')).value as object
    expect(Object.keys(kept)).to.deep.equal(['__proto__'])
    expect(Object.getPrototypeOf(kept)).to.equal(Object.prototype)
    expect(kept).to.not.have.property('polluted')
    expect(kept).to.not.have.nested.property('constructor.prototype.polluted')
  })

  it('has no prototype if the original had none', () => {
    expect(Object.getPrototypeOf(keepable(Object.create(null)).value)).to.equal(null)
  })

  it('holds Maps with keys of every kind', () => {
    const key = Object.assign(Object.create(null) as object, { a: 1 })
    const kept = keepable(
      new Map<unknown, unknown>([
        [key, 1],
        [[2], 2],
        [NaN, 3],
      ]),
    ).value as Map<unknown, unknown>
    expect([...kept]).to.deep.equal([
      [key, 1],
      [[2], 2],
      [NaN, 3],
    ])
    expect([...kept.keys()][0]).to.not.equal(key)
  })
})

describe('A copy handed out', () => {
  it('is the reader’s to change', () => {
    const kept = keepable({ when: new Date(5), map: new Map([['a', [1]]]), bytes: Buffer.from('abc') }).value
    const mine = handedOut(kept) as { when: Date; map: Map<string, number[]>; bytes: Buffer; more?: number }
    mine.when.setTime(6)
    mine.map.get('a')?.push(2)
    mine.map.set('b', [])
    mine.bytes.fill(0)
    mine.more = 1
    expect(kept).to.deep.equal({ when: new Date(5), map: new Map([['a', [1]]]), bytes: Buffer.from('abc') })
    expect(handedOut(kept)).to.deep.equal(kept)
  })
})

function every(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return []
  return [value, ...Object.values(value).flatMap(every)]
}
