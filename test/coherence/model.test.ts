import { expect } from 'chai'
import { SEED } from '../property.js'
import { model } from './model.js'
import { RULES, type Rule } from './rules.js'

describe('The model of the protocol', () => {
  it('keeps the promise', () => {
    const { violations, ...done } = model(SEED, 400)
    expect(violations).to.equal(0)
    for (const [what, count] of Object.entries(done)) expect(count, what).to.be.above(100)
  })

  for (const [rule, words] of Object.entries(RULES)) {
    it(`does not keep it without the rule ${rule}: ${words}`, () => {
      let [violations, seed] = [0, SEED]
      for (; violations === 0 && seed < SEED + 100; seed++) violations = model(seed, 100, rule as Rule).violations
      expect(violations).to.be.above(0)
    })
  }
})
