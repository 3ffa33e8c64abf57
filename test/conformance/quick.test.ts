import { frameworks } from '../pages/frameworks.js'
import { PATIENCE_MS, runsOnEach } from './running.js'

/** One way to reply on each framework. `npm run test:conformance` has all. */
const REPLIES: Readonly<Record<string, string>> = { Express: 'res.end', Koa: 'the framework’s own way' }

describe('The public suite of HTTP cache tests, in short', function () {
  this.timeout(PATIENCE_MS)
  let runs: ReturnType<typeof runsOnEach>

  before(() => {
    runs = runsOnEach(REPLIES)
  })

  for (const { name } of frameworks) it(`is passed on ${name}, but for what docs/http.md says`, () => runs.get(name))
})
