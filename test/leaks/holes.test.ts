import { expect } from 'chai'
import fc from 'fast-check'
import { onExpress } from '../express/framework.js'
import { frameworks, fronted } from '../pages/frameworks.js'
import { cases, places, Play, REQUESTS } from './hole-play.js'
import { runs } from './seed.js'

const QUICK = process.env['npm_lifecycle_event'] === 'test:quick'
/** How many pages are generated for each site: 10,080 requests in all, or 2,560 where it has to be quick. */
const CASES = Number(process.env['HOLE_CASES'] ?? (QUICK ? 32 : 126))

describe('Two visitors never see what fills each other’s holes', () => {
  const sites = [
    ...frameworks.flatMap(framework => Object.keys(places).map(place => ({ framework, place }))),
    ...fronted.map(framework => ({ framework, place: 'and nobody else compresses' })),
  ]
  for (const { framework, place } of sites) {
    describe(`on ${framework.name}, ${place}`, () => {
      const play = new Play(framework, place)
      before(() => play.open())
      after(() => play.close())

      it(`in ${CASES * REQUESTS} requests, alone or at once, compressed or not`, async () => {
        await fc.assert(
          fc.asyncProperty(cases, async played => play.run(played)),
          { ...runs(CASES), timeout: 60_000 },
        )
        expect(play.asked).to.be.at.least(CASES * REQUESTS)
        if (framework.name !== onExpress.name || place !== 'and middleware inside compresses') {
          expect(play.hits / play.asked).to.be.above(0.3)
          expect(play.known).to.be.above(0)
        }
      }).timeout(120_000)
    })
  }
})
