import fc, { type Arbitrary } from 'fast-check'

/** The lines of one header field. */
export type Lines = readonly string[]

const blank = fc.constantFrom('', '', '', ' ', ' ', '\t', '  ', ' \t ')
const separator = fc.tuple(blank, fc.constantFrom(',', ',', ',', ',,', ', ,', ',\t,'), blank).map(parts => parts.join(''))
const edge = fc.constantFrom('', '', '', '', ' ', '\t', ',', ' , ', ',,')

/** A list of these elements as a careless program would write it: blanks, tabs and empty elements anywhere, in one line or several. */
export function spelledList(elements: Arbitrary<readonly string[]>): Arbitrary<Lines> {
  return elements.chain(list =>
    fc
      .tuple(
        fc.array(separator, { minLength: list.length, maxLength: list.length }),
        fc.array(fc.boolean(), { maxLength: list.length }),
        edge,
        edge,
      )
      .map(([separators, breaks, before, after]) => {
        const lines: string[] = [before]
        for (const [at, element] of list.entries()) {
          if (at > 0 && breaks[at] === true) lines.push(element)
          else lines.push(`${lines.pop()}${at === 0 ? '' : separators[at]}${element}`)
        }
        return [...lines.slice(0, -1), `${lines.at(-1)}${after}`]
      }),
  )
}

function oneOf(...texts: readonly string[]): Arbitrary<string> {
  return fc
    .constantFrom(...texts)
    .chain(text => fc.oneof(fc.constant(text), fc.mixedCase(fc.constant(text), { untoggleAll: toggled => toggled })))
}

/** Some elements, in any order, with one of `required` among them. */
function withOneOf(required: Arbitrary<string>, others: Arbitrary<string>): Arbitrary<readonly string[]> {
  return fc.tuple(required, fc.array(others, { maxLength: 3 }), fc.nat(3)).map(([element, list, at]) => list.toSpliced(at, 0, element))
}

const extension = oneOf('x', 'ext=a', 'ext="private"', 'community="UCI, no-store"', 'x="\\"private\\","', 'no-transform', 'immutable')
const lasting = oneOf(
  'public',
  'max-age=600',
  'max-age = 600',
  'max-age="600"',
  's-maxage=600',
  'must-revalidate',
  'stale-while-revalidate=30',
)

/** `Cache-Control` that lets everybody keep the response for a while. */
export const sharing: Arbitrary<Lines> = spelledList(fc.array(fc.oneof(extension, lasting), { maxLength: 4 }))

const forbidding = oneOf(
  'private',
  'private=""',
  'private="x"',
  'private="set-cookie, x"',
  'private=x',
  'private = "x"',
  'no-store',
  'no-store=1',
  'no-cache',
  'no-cache="set-cookie"',
  'no-cache=x',
)

const expired = oneOf(
  'max-age=0',
  'max-age=-1',
  'max-age=1.5',
  'max-age="0"',
  'max-age',
  'max-age=""',
  'max-age=+60',
  'max-age=1e3',
  'max-age=00',
  'max-age=600s',
)
const expiredHere = oneOf('s-maxage=0', 's-maxage', 's-maxage=-5', 's-maxage="0"', 's-maxage=0x10')
const notForSharedCaches = fc.oneof(extension, oneOf('public', 'max-age=600', 'must-revalidate', 'max-age=99999999999999999999'))

const malformed = oneOf(
  'private;',
  'private; max-age=60',
  'private max-age=60',
  'max-age=60 no-store',
  '"private"',
  'private="',
  'private="x',
  'private="x"y',
  'private=',
  'private==x',
  '=private',
  '@private',
  'private\u00a0',
  'no-store:',
  '{private}',
  'max-age=60; private',
  'private/no-store',
  'private=x y',
)

/** `Cache-Control` that keeps a shared cache from keeping the response, or that nobody can read. */
export const unsharing: Arbitrary<Lines> = fc.oneof(
  { weight: 4, arbitrary: spelledList(withOneOf(forbidding, fc.oneof(extension, lasting, forbidding))) },
  { weight: 2, arbitrary: spelledList(withOneOf(expired, notForSharedCaches)) },
  { weight: 1, arbitrary: spelledList(withOneOf(expiredHere, fc.oneof(extension, lasting))) },
  { weight: 2, arbitrary: spelledList(withOneOf(malformed, fc.oneof(extension, lasting))) },
)

const unrelated = oneOf('Accept', 'Accept-Language', 'Origin', 'X-Other', 'constructor', '__proto__', 'toString')

/** `Vary` on nothing in which the visitors differ. */
export const unrelatedVary: Arbitrary<Lines> = spelledList(fc.array(unrelated, { maxLength: 3 }))

/** `Vary` that names the header, once or more often. */
export function varyOn(name: string): Arbitrary<Lines> {
  return spelledList(withOneOf(oneOf(name), fc.oneof(unrelated, oneOf(name))))
}

/** `Vary` on everything, or such that nobody can tell on what. */
export function varyOnAnything(name: string): Arbitrary<Lines> {
  const star = fc.constantFrom('*')
  const unreadable = fc.constantFrom(
    `"${name}"`,
    `${name};q=1`,
    `${name} Accept`,
    `${name}:`,
    `(${name})`,
    `${name}\tAccept`,
    `"*"`,
    `${name}=1`,
    `[${name}]`,
  )
  return spelledList(withOneOf(fc.oneof(star, unreadable), fc.oneof(unrelated, oneOf(name))))
}
