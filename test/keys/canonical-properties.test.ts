import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { canonical } from '../../lib/keys/canonical.js'
import { runs } from '../property.js'
import { plainData, plainObject } from './plain-data.js'

/** 200 runs of 100 values: 990,000 pairs. */
const HANDFULS = 200
const HANDFUL = 100

describe('Of plain data', () => {
  it('no two different values share a text', () => {
    let distinct = 0
    fc.assert(
      fc.property(fc.array(plainData, { minLength: HANDFUL, maxLength: HANDFUL, size: 'max' }), values => {
        const byText = new Map<string, unknown>()
        for (const value of values) {
          const text = canonical(value)
          if (byText.has(text)) expect(same(byText.get(text), value), `${text} stands for two values`).to.equal(true)
          byText.set(text, value)
        }
        distinct += byText.size
      }),
      runs(HANDFULS),
    )
    expect(distinct, 'the values generated were too much alike to show anything').to.be.above((HANDFULS * HANDFUL) / 4)
  })

  it('equal values share their text, whatever the order of their properties', () => {
    fc.assert(
      fc.property(plainData, value => {
        expect(canonical(reversed(value))).to.equal(canonical(value))
      }),
      runs(2_000),
    )
  })

  it('a change anywhere changes the text', () => {
    fc.assert(
      fc.property(fc.array(plainData, { minLength: 1, maxLength: 4 }), fc.nat(3), plainData, (values, place, other) => {
        const changed = values.with(place % values.length, other)
        fc.pre(!same(values, changed))
        expect(canonical({ in: values })).to.not.equal(canonical({ in: changed }))
      }),
      runs(5_000),
    )
  })
})

/** isDeepStrictEqual, but for dates that are none: it holds them for different, here they are one value. */
function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(rebuilt(one, dateOrSign), rebuilt(other, dateOrSign))
}

function dateOrSign(date: Date): unknown {
  return Number.isNaN(date.getTime()) ? 'the sign for a date that is none' : date
}

/** A value equal to this one, every object's properties in reverse order. */
function reversed(value: unknown): unknown {
  return rebuilt(value, date => new Date(date))
}

function rebuilt(value: unknown, ofDate: (date: Date) => unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (value instanceof Date) return ofDate(value)
  const inside = (item: unknown) => rebuilt(item, ofDate)
  if (Array.isArray(value)) return value.map(inside)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [inside(key), inside(item)]))
  if (value instanceof Set) return new Set([...value].map(inside))
  const properties = Object.entries(value).map(([name, item]) => [name, inside(item)] as const)
  return plainObject(properties.toReversed())
}
