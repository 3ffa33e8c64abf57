import { frameworks } from '../pages/frameworks.js'
import { expectConforming, PATIENCE_MS } from './running.js'

/** One way to reply on each framework, side by side: they wait most of the time. `npm run test:conformance` has all. */
const RUNS: Readonly<Record<string, string>> = { Express: 'res.end', Koa: 'the framework’s own way' }

describe('The public suite of HTTP cache tests, in short', function () {
  this.timeout(PATIENCE_MS)
  const running = new Map<string, Promise<void>>()

  before(() => {
    for (const { name } of frameworks) {
      const run = expectConforming(name, RUNS[name] ?? 'res.end')
      // Heard by its test, which comes later.
      run.catch(() => undefined)
      running.set(name, run)
    }
  })

  for (const { name } of frameworks) it(`is passed on ${name}, but for what docs/http.md says`, () => running.get(name))
})
