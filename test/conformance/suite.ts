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

export const SUITES = [...(suites as unknown[]), surrogates] as readonly { readonly tests: readonly SuiteTest[] }[]

const TESTS = new Map(SUITES.flatMap(({ tests }) => tests.filter(test => test.browser_only !== true).map(test => [test.id, test])))

/** The tests that the suite requires of a shared cache. */
export const REQUIRED: readonly SuiteTest[] = [...TESTS.values()].filter(({ kind = 'required' }) => kind === 'required')

export function verdictOn(id: string, results: Results): Verdict {
  const result = results[id]
  if (result === undefined || TESTS.get(id)?.depends_on?.some(other => verdictOn(other, results) !== 'passed') === true) return 'untold'
  if (result === true) return 'passed'
  return result[0] === 'Setup' ? 'untold' : 'failed'
}
