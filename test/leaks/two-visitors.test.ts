import { expect } from 'chai'
import fc from 'fast-check'
import { fronted, frameworks } from '../pages/frameworks.js'
import { agingCases, freshCases, type Case, type Sharing } from './generator.js'
import { runs } from './seed.js'
import { Trials } from './trial.js'

/** How many pages are generated; set LEAK_CASES for more. */
const CASES = Number(process.env['LEAK_CASES'] ?? 1_000)

interface Tally {
  cases: number
  asked: number
  hits: number
}

describe('Two visitors never see each other’s page', () => {
  for (const framework of [...frameworks, ...fronted]) {
    const cases = fronted.includes(framework) ? CASES / 10 : CASES
    describe(`on ${framework.name}`, () => {
      const trials = new Trials(framework)
      // Hits in front have nothing of the middleware outside.
      const playedHere = (played: Case): Case => (fronted.includes(framework) ? { ...played, outside: false } : played)
      const tallies: Readonly<Record<Sharing, Tally>> = {
        everybody: { cases: 0, asked: 0, hits: 0 },
        visitor: { cases: 0, asked: 0, hits: 0 },
        nobody: { cases: 0, asked: 0, hits: 0 },
      }

      before(() => trials.open())
      after(() => trials.close())

      it('however the reply says that it is theirs, in any order, alone or at once', async () => {
        const property = fc.asyncProperty(freshCases, async played => {
          const { asked, hits } = await trials.run(playedHere(played))
          const tally = tallies[played.sharing]
          tally.cases++
          tally.asked += asked
          tally.hits += hits
        })
        await fc.assert(property, { ...runs(cases), timeout: 60_000 })
      }).timeout(120_000)

      it('nor while pages go stale, are refreshed behind their visitors’ backs, or stand in for failures', async () => {
        const property = fc.asyncProperty(agingCases, async played => {
          await trials.run(playedHere(played))
        })
        await fc.assert(property, { ...runs(cases / 2), timeout: 60_000 })
      }).timeout(120_000)

      it('and yet what may be shared was: not by keeping nothing', () => {
        const { everybody, visitor, nobody } = tallies
        const all = JSON.stringify(tallies)
        expect(everybody.hits / everybody.asked, all).to.be.above(0.5)
        expect(visitor.hits / visitor.asked, all).to.be.above(0.25)
        expect(everybody.cases / cases, all).to.be.above(0.1)
        expect(visitor.cases / cases, all).to.be.above(0.1)
        expect(nobody.hits, all).to.equal(0)
      })
    })
  }
})
