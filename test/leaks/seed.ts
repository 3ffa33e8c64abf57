import type { Parameters } from 'fast-check'

/** Where what is random here begins; set LEAK_SEED to look elsewhere. fast-check prints the seed when a property fails. */
export const SEED = Number(process.env['LEAK_SEED'] ?? 20_261_121)

/** The same plays in the same order each time. */
export function runs(numRuns: number): Parameters<unknown> {
  return { seed: SEED, numRuns }
}
