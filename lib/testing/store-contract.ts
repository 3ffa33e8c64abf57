import type { Store } from '../stores/store.js'
import { fillChecks } from './contract/fills.js'
import { leaseChecks } from './contract/leases.js'
import { purgeChecks } from './contract/purges.js'
import { putChecks } from './contract/puts.js'
import { readingChecks } from './contract/reading.js'
import type { Promised } from './contract/promised.js'
import { stepChecks } from './contract/steps.js'
import { valueChecks } from './contract/values.js'
import { watcherChecks } from './contract/watchers.js'

/** One thing that a store must hold to: a sentence, and the test of it. */
export interface StoreCheck {
  readonly title: string
  /** Makes a store, tries it, closes it. Rejects with an AssertionError if the store does not hold to it. */
  readonly run: () => Promise<void>
}

/**
 * What every store must hold to, for any test runner. `create` is called once for each check and gives an empty store that nobody else
 * uses. What lies between processes (docs/coherence.md) is not tested here, nor what a store does when it is full.
 * @example
 * describe('My store', () => {
 *   for (const { title, run } of storeContract(() => myStore())) it(title, run)
 * })
 */
export function storeContract(create: () => Store | Promise<Store>): readonly StoreCheck[] {
  return PROMISED.map(({ title, check }) => ({ title, run: () => withStore(create, check) }))
}

const PROMISED: readonly Promised[] = [
  ...readingChecks,
  ...leaseChecks,
  ...fillChecks,
  ...putChecks,
  ...stepChecks,
  ...purgeChecks,
  ...watcherChecks,
  ...valueChecks,
]

async function withStore(create: () => Store | Promise<Store>, check: Promised['check']): Promise<void> {
  const store = await create()
  try {
    await check(store)
  } finally {
    await store.close()
  }
}
