import { fork } from 'node:child_process'
import { expect } from 'chai'
import { frameworks } from '../pages/frameworks.js'
import { replies } from './proxying.js'
import { REQUIRED, verdictOn, type Results } from './suite.js'

/** The suite pauses for three seconds where something is to grow old. */
const PATIENCE_MS = 120_000

/** What the suite requires and this cache does otherwise, and why: docs/http.md. */
const DEVIATIONS: readonly string[] = ['headers-store-Set-Cookie', '304-etag-update-response-Set-Cookie']

/** What a framework does before a cache could. */
const OF_FRAMEWORKS: Readonly<Record<string, readonly string[]>> = {
  // `res.send` takes `Content-Type` off a 304.
  'Express, the framework’s own way': ['304-etag-update-response-Content-Type'],
}

describe('The public suite of HTTP cache tests', function () {
  this.timeout(PATIENCE_MS)
  for (const { name: framework } of frameworks) {
    for (const reply of Object.keys(replies)) {
      it(`is passed on ${framework} by handlers that reply with ${reply}, but for what docs/http.md says`, async () => {
        const expected = [...DEVIATIONS, ...(OF_FRAMEWORKS[`${framework}, ${reply}`] ?? [])]
        const first = await resultsOf(framework, reply)
        const short = shortOf(first)
        // Some tests have but two seconds, which pass by themselves on a machine that is busy.
        const again = short.filter(id => !expected.includes(id))
        const results = again.length === 0 ? first : { ...first, ...(await resultsOf(framework, reply, again)) }
        expect(shortOf(results)).to.have.members(expected)
      })
    }
  }
})

function shortOf(results: Results): readonly string[] {
  return REQUIRED.map(({ id }) => id).filter(id => verdictOn(id, results) !== 'passed')
}

async function resultsOf(framework: string, reply: string, only: readonly string[] = []): Promise<Results> {
  // In development it would be said of each page what the proxying handler reads.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = fork(new URL('child.js', import.meta.url), [framework, reply, ...only], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    return await new Promise((resolve, reject) => child.once('message', message => resolve(message as Results)).once('error', reject))
  } finally {
    child.kill()
  }
}
