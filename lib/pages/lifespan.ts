import type { Policy } from '../cache/policy.js'
import { forTtl } from '../freshness/schedule.js'
import type { Allowance, Terms } from '../http/allowance.js'
import type { KeptPage } from '../responses/kept-page.js'
import type { PagePolicy } from './page-policy.js'

/** For how long past its freshness a page is kept that its origin can be asked about (ms). */
const FOR_REVALIDATION_MS = 86_400_000

/** How a page that may be kept is kept: by the engine, and what the page itself remembers of it. */
export interface Lifespan {
  readonly policy: Policy
  readonly page: Pick<KeptPage, 'bornAt' | 'revalidates' | 'staleIfErrorMs'>
}

/** What the policy has to say to the head of a response. */
export function termsOf<Visit>({ honor, silent }: PagePolicy<Visit>, { schedule, graceMs, staleIfErrorMs }: Policy): Terms {
  return { honor, silent: silent ? schedule : undefined, graceMs, staleIfErrorMs }
}

export function lifespanOf<Visit>({ honor }: PagePolicy<Visit>, policy: Policy, allowed: Allowance): Lifespan {
  const { bornAt, graceMs, staleIfErrorMs, revalidate } = allowed
  return {
    policy: {
      ...policy,
      // Where the origin rules, the instant that it has named is the only one.
      schedule: honor === 'origin' ? forTtl(Infinity) : policy.schedule,
      graceMs,
      // Kept longer than it may be served: as what its origin is asked about.
      staleIfErrorMs: Math.max(staleIfErrorMs, revalidate ? FOR_REVALIDATION_MS : 0),
    },
    page: { bornAt, revalidates: revalidate, staleIfErrorMs },
  }
}
