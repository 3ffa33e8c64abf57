import { fork } from 'node:child_process'
import { expect } from 'chai'
import { REQUIRED, verdictOn, type Result } from './suite.js'

/** The suite pauses for three seconds where something is to grow old; on a machine that is busy it takes its time. */
export const PATIENCE_MS = 240_000

/** How often what was not passed is asked again: some tests have but two seconds, which pass by themselves on a machine that is busy. */
const TRIALS = 3

/** What the suite requires and this cache does otherwise, and why: docs/http.md. */
const DEVIATIONS: readonly string[] = ['headers-store-Set-Cookie', '304-etag-update-response-Set-Cookie']

/** What a framework does before a cache could. */
const OF_FRAMEWORKS: Readonly<Record<string, readonly string[]>> = {
  // `res.send` takes `Content-Type` off a 304.
  'Express, the framework’s own way': ['304-etag-update-response-Content-Type'],
}

/** Runs the suite against handlers of the framework that reply in this way, and expects it to be passed, but for the deviations. */
export async function expectConforming(framework: string, reply: string): Promise<void> {
  const expected = [...DEVIATIONS, ...(OF_FRAMEWORKS[`${framework}, ${reply}`] ?? [])]
  const results = new Map(Object.entries(await resultsOf(framework, reply)))
  for (let trial = 0; trial < TRIALS; trial++) {
    const again = shortOf(results).filter(id => !expected.includes(id))
    const anew = again.length > 0 ? await resultsOf(framework, reply, again) : {}
    for (const [id, result] of Object.entries(anew)) results.set(id, result)
  }
  expect(shortOf(results)).to.have.members(expected)
}

function shortOf(results: ReadonlyMap<string, Result>): readonly string[] {
  return REQUIRED.map(({ id }) => id).filter(id => verdictOn(id, results) !== 'passed')
}

async function resultsOf(framework: string, reply: string, only: readonly string[] = []): Promise<Readonly<Record<string, Result>>> {
  // In development it would be said of each page what the proxying handler reads.
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = fork(new URL('child.js', import.meta.url), [framework, reply, ...only], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    return await new Promise((resolve, reject) =>
      child.once('message', message => resolve(message as Record<string, Result>)).once('error', reject),
    )
  } finally {
    child.kill()
  }
}
