import { expect } from 'chai'
import fc from 'fast-check'
import { frameworks } from '../pages/frameworks.js'
import { cases, type Sharing } from './generator.js'
import { Trials } from './trial.js'

/** Where the generated cases begin; set LEAK_SEED to try others. fast-check prints the seed when a property fails. */
const SEED = Number(process.env['LEAK_SEED'] ?? 20_261_121)
const CASES = Number(process.env['LEAK_CASES'] ?? 1_000)

interface Tally {
  cases: number
  asked: number
  hits: number
}

describe('Two visitors never see each other’s page', () => {
  for (const framework of frameworks) {
    describe(`on ${framework.name}`, () => {
      const trials = new Trials(framework)
      const tallies: Record<Sharing, Tally> = {
        everybody: { cases: 0, asked: 0, hits: 0 },
        visitor: { cases: 0, asked: 0, hits: 0 },
        nobody: { cases: 0, asked: 0, hits: 0 },
      }

      before(() => trials.open())
      after(() => trials.close())

      it('however the reply says that it is theirs, in any order, alone or at once', async () => {
        const property = fc.asyncProperty(cases, async played => {
          const { asked, hits } = await trials.run(played)
          const tally = tallies[played.sharing]
          tally.cases++
          tally.asked += asked
          tally.hits += hits
        })
        await fc.assert(property, { seed: SEED, numRuns: CASES, timeout: 2_000, endOnFailure: process.env['LEAK_FAST'] !== undefined })
      }).timeout(60_000)

      it('and yet pages were kept all along', () => {
        const { everybody, visitor, nobody } = tallies
        expect(everybody.hits / everybody.asked, JSON.stringify(tallies)).to.be.above(0.5)
        expect(visitor.hits / visitor.asked, JSON.stringify(tallies)).to.be.above(0.15)
        expect(everybody.cases / CASES).to.be.above(0.2)
        expect(visitor.cases / CASES).to.be.above(0.2)
        expect(nobody.hits).to.equal(0)
        if (process.env['LEAK_TALLY'] !== undefined) console.log(JSON.stringify(tallies))
      })
    })
  }
})
