import * as fc from 'fast-check'

/** Leaves that are easily taken for one another, and for the marks of whatever notation holds them. */
const leaf = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(null, undefined, true, false, 0, -0, 1, -1, NaN, Infinity, 0n, 1n, -1n) },
  {
    weight: 6,
    arbitrary: fc.constantFrom('', '0', '1', '1n', 'null', 'NaN', ',', ':', '"', '\\', '","', '[1]', '{}', 'Date(0)', 'a', 'b'),
  },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, NaN).map(ms => new Date(ms)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 2 }).map(bytes => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 2 }) },
  { weight: 1, arbitrary: fc.int8Array({ maxLength: 2 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.string({ maxLength: 4, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.bigInt() },
)

const name = fc.constantFrom('a', 'b', '1', '', 'a":1,"b', '__proto__', 'constructor')

/** Plain data of every kind that a key may be made of, nested a little. */
export const plainData: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => {
  const value = tie('value')
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      { weight: 2, arbitrary: fc.array(value, { maxLength: 3 }) },
      { weight: 2, arbitrary: fc.array(fc.tuple(name, value), { maxLength: 3 }).map(plainObject) },
      { weight: 1, arbitrary: fc.array(fc.tuple(value, value), { maxLength: 2 }).map(pairs => new Map(pairs)) },
      { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }).map(items => new Set(items)) },
    ),
  }
}).value

/** An object with these properties, `__proto__` an ordinary one among them. */
export function plainObject(properties: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(properties)
}
