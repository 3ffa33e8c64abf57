import { expect } from 'chai'
import * as fc from 'fast-check'
import { matchesGlob } from '../../lib/journal/glob.js'
import { runs } from '../property.js'

describe('A glob', () => {
  const rows = [
    ['user:*:profile', 'user:7:profile', true],
    ['user:*:profile', 'user:7:8:profile', true],
    ['user:*:profile', 'user::profile', true],
    ['user:*:profile', 'user:profile', false],
    ['user:*:profile', 'user:7:profile:', false],
    ['*', '', true],
    ['*', 'anything\nat all', true],
    ['**', 'a', true],
    ['', '', true],
    ['', 'a', false],
    ['a', 'A', false],
    ['a.c', 'abc', false],
    ['a?c', 'abc', false],
    ['[ab]', 'a', false],
    ['a\\*', 'a*', false],
    ['a\\*', 'a\\b', true],
    ['*a', 'ba', true],
    ['*a*b*', 'xaybz', true],
    ['*a*b*', 'xbya', false],
    ['*ab', 'aab', true],
    ['*abab', 'abaabab', true],
    ['🦊*', '🦊🐻', true],
  ] as const
  for (const [pattern, text, matches] of rows) {
    it(`${JSON.stringify(pattern)} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
      expect(matchesGlob(pattern, text)).to.equal(matches)
    })
  }

  it('matches what a regular expression of the same meaning matches', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '\n'), maxLength: 8 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 12 })
    let matches = 0
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        expect(matchesGlob(glob, name)).to.equal(naive(glob).test(name))
        if (matchesGlob(glob, name)) matches++
      }),
      runs(20_000),
    )
    expect(matches, 'too few matched to show anything').to.be.above(500)
  })

  it('that is hostile does not stall the process', () => {
    const text = 'a'.repeat(20_000)
    const begun = process.cpuUsage()
    expect(matchesGlob(`${'*a'.repeat(50)}*b`, text)).to.equal(false)
    expect(process.cpuUsage(begun).user).to.be.below(1_000_000)
  })
})

function naive(glob: string): RegExp {
  return new RegExp(`^${glob.split('*').map(escaped).join('[^]*')}$`)
}

function escaped(text: string): string {
  return text.replaceAll('.', String.raw`\.`)
}
