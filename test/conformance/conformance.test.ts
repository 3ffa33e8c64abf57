import { frameworks } from '../pages/frameworks.js'
import { replies } from './proxying.js'
import { expectConforming, PATIENCE_MS } from './running.js'

describe('The public suite of HTTP cache tests', function () {
  this.timeout(PATIENCE_MS)
  for (const { name: framework } of frameworks) {
    for (const reply of Object.keys(replies)) {
      it(`is passed on ${framework} by handlers that reply with ${reply}, but for what docs/http.md says`, () =>
        expectConforming(framework, reply))
    }
  }
})
