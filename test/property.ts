import type { Parameters } from 'fast-check'

/** Where random tests begin; set TEST_SEED to look elsewhere. fast-check prints it when a property fails. */
export const SEED = Number(process.env['TEST_SEED'] ?? 20_261_120)

/** How a property is run: the same way each time. */
export function runs(numRuns: number): Parameters<unknown> {
  return { seed: SEED, numRuns }
}
