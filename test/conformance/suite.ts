import suites from 'http-cache-tests/tests/index.mjs'
import surrogates from 'http-cache-tests/tests/surrogate-control.mjs'

/** One test of the suite, as far as its result is judged by it. */
export interface SuiteTest {
  readonly id: string
  readonly kind?: 'required' | 'optimal' | 'check'
  readonly depends_on?: readonly string[]
  readonly browser_only?: boolean
}

export type Results = Readonly<Record<string, true | readonly [name: string, message: string]>>

/** What a result means: `untold` if the suite could not come to the question, for another test or its own preparation failed. */
export type Verdict = 'passed' | 'failed' | 'untold'

const SUITES = [...(suites as unknown[]), surrogates] as readonly { readonly tests: readonly SuiteTest[] }[]

/** The suite; of it only the tests of these names, if there are any. */
export function suitesOf(only: readonly string[]): readonly { readonly tests: readonly SuiteTest[] }[] {
  if (only.length === 0) return SUITES
  return SUITES.map(suite => ({ ...suite, tests: suite.tests.filter(({ id }) => only.includes(id)) }))
}

const TESTS = new Map(SUITES.flatMap(({ tests }) => tests.filter(test => test.browser_only !== true).map(test => [test.id, test])))

/**
 * Required by the revision of the suite that can be installed, not passed, and not counted. It is older than RFC 9111; 5.1 there says: of several
 * `Age`s the first counts, and an invalid one is ignored. Later revisions reverse or no longer require the first nine; the others are left out
 * on our own judgment.
 */
const NOT_COUNTED: ReadonlySet<string> = new Set([
  'age-parse-nonnumeric',
  'age-parse-negative',
  'age-parse-float',
  'age-parse-prefix-twoline',
  'age-parse-dup-0',
  'age-parse-dup-0-twoline',
  'age-parse-dup-old',
  'age-parse-parameter',
  'age-parse-numeric-parameter',
  // Its client takes an error page without a counter for an answer from the cache.
  'stale-close-must-revalidate',
  'stale-close-proxy-revalidate',
  'stale-close-no-cache',
  'stale-close-s-maxage=2',
  // A question about a proposal of 2001, by its name.
  'surrogate-fresh-cc-nostore',
])

/** The tests that the suite requires of a shared cache. */
export const REQUIRED: readonly SuiteTest[] = [...TESTS.values()].filter(
  ({ id, kind = 'required' }) => kind === 'required' && !NOT_COUNTED.has(id),
)

export function verdictOn(id: string, results: Results): Verdict {
  const result = results[id]
  if (result === undefined || TESTS.get(id)?.depends_on?.some(other => verdictOn(other, results) !== 'passed') === true) return 'untold'
  if (result === true) return 'passed'
  return result[0] === 'Setup' ? 'untold' : 'failed'
}
