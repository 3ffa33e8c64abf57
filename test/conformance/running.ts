import { fork } from 'node:child_process'
import { expect } from 'chai'
import { frameworks } from '../pages/frameworks.js'
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

/**
 * Runs the suite against handlers of the framework that reply in this way, and expects it to be passed, but for the deviations.
 * @param redis where pages are kept, instead of in memory
 */
export async function expectConforming(framework: string, reply: string, redis?: string): Promise<void> {
  const expected = [...DEVIATIONS, ...(OF_FRAMEWORKS[`${framework}, ${reply}`] ?? [])]
  const resultsOf = (only: readonly string[]) => ranBy(redis, framework, reply, ...only)
  const results = new Map(Object.entries(await resultsOf([])))
  for (let trial = 0; trial < TRIALS; trial++) {
    const again = shortOf(results).filter(id => !expected.includes(id))
    const anew = again.length > 0 ? await resultsOf(again) : {}
    for (const [id, result] of Object.entries(anew)) results.set(id, result)
  }
  expect(shortOf(results)).to.have.members(expected)
}

/** A run on each framework, side by side: they wait most of the time. */
export function runsOnEach(replyOn: Readonly<Record<string, string>>, redis?: string): ReadonlyMap<string, Promise<void>> {
  const runs = new Map(frameworks.map(({ name }) => [name, expectConforming(name, replyOn[name] ?? 'res.end', redis)]))
  // Each is heard by its test, which comes later.
  for (const run of runs.values()) run.catch(() => undefined)
  return runs
}

function shortOf(results: ReadonlyMap<string, Result>): readonly string[] {
  return REQUIRED.map(({ id }) => id).filter(id => verdictOn(id, results) !== 'passed')
}

async function ranBy(redis: string | undefined, ...args: readonly string[]): Promise<Readonly<Record<string, Result>>> {
  // In development it would be said of each page what the proxying handler reads.
  const env = { ...process.env, NODE_ENV: 'production', ...(redis === undefined ? {} : { CONFORMANCE_REDIS_URL: redis }) }
  const child = fork(new URL('child.js', import.meta.url), args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    return await new Promise((resolve, reject) =>
      child.once('message', message => resolve(message as Record<string, Result>)).once('error', reject),
    )
  } finally {
    child.kill()
  }
}
