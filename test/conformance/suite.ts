import suites from 'http-cache-tests/tests/index.mjs'
import surrogates from 'http-cache-tests/tests/surrogate-control.mjs'

/** One test of the suite, as far as its result is judged by it. */
export interface SuiteTest {
  readonly id: string
  readonly kind?: 'required' | 'optimal' | 'check'
  readonly depends_on?: readonly string[]
  readonly browser_only?: boolean
  readonly requests: readonly unknown[]
}

export type Result = true | readonly [name: string, message: string]

/** What a result means: `untold` if the suite could not come to the question, for another test or its own preparation failed. */
export type Verdict = 'passed' | 'failed' | 'untold'

interface Suite {
  readonly tests: readonly SuiteTest[]
}

/** What the second request of a test is to bring, where that is said otherwise now. */
type Expected = Readonly<Record<string, unknown>>

/** RFC 9111, 5.1: of several `Age`s the first counts, and an invalid one is ignored. */
const REUSED: Expected = { expected_type: 'cached' }

/** An error, and not what is kept: whatever bears no counter was taken for that before. Both frameworks answer an error with 500. */
const AN_ERROR: Expected = {
  disconnect: true,
  response_status: [500, 'Internal Server Error'],
  expected_response_headers_missing: ['server-request-count'],
  check_body: false,
}

/**
 * The suite that can be installed is older than RFC 9111. Its own revision for that, bb49f1d, has these tests otherwise, and so they are asked here
 * as they stand there.
 */
const AMENDED: ReadonlyMap<string, Expected> = new Map([
  ['age-parse-nonnumeric', REUSED],
  ['age-parse-negative', REUSED],
  ['age-parse-float', REUSED],
  ['age-parse-prefix-twoline', REUSED],
  ['age-parse-dup-0', REUSED],
  ['age-parse-dup-0-twoline', REUSED],
  ['age-parse-dup-old', REUSED],
  ['stale-close-must-revalidate', AN_ERROR],
  ['stale-close-proxy-revalidate', AN_ERROR],
  ['stale-close-no-cache', AN_ERROR],
  ['stale-close-s-maxage=2', AN_ERROR],
])

/** Required by the one that can be installed, and by no rule: questions, by that revision for the first two, and by its own name for the last. */
const QUESTIONS: ReadonlySet<string> = new Set(['age-parse-parameter', 'age-parse-numeric-parameter', 'surrogate-fresh-cc-nostore'])

const SUITES = ([...(suites as unknown[]), surrogates] as readonly Suite[]).map(suite => ({
  ...suite,
  tests: suite.tests.map(test => amended(test)),
}))

function amended(test: SuiteTest): SuiteTest {
  if (QUESTIONS.has(test.id)) return { ...test, kind: 'check' }
  const expected = AMENDED.get(test.id)
  return expected === undefined ? test : { ...test, requests: [test.requests[0], expected] }
}

/** The suite; of it only the tests of these names, if there are any. */
export function suitesOf(only: readonly string[]): readonly Suite[] {
  if (only.length === 0) return SUITES
  return SUITES.map(suite => ({ ...suite, tests: suite.tests.filter(({ id }) => only.includes(id)) }))
}

const TESTS = new Map(SUITES.flatMap(({ tests }) => tests.filter(test => test.browser_only !== true).map(test => [test.id, test])))

/** The tests that the suite requires of a shared cache. */
export const REQUIRED: readonly SuiteTest[] = [...TESTS.values()].filter(({ kind = 'required' }) => kind === 'required')

export function verdictOn(id: string, results: ReadonlyMap<string, Result>): Verdict {
  const result = results.get(id)
  if (result === undefined || TESTS.get(id)?.depends_on?.some(other => verdictOn(other, results) !== 'passed') === true) return 'untold'
  if (result === true) return 'passed'
  return result[0] === 'Setup' ? 'untold' : 'failed'
}
