import type { IncomingHttpHeaders } from 'node:http'
import type { Engine } from '../cache/engine.js'
import type { Entry } from '../entries/entry.js'
import { isRule } from '../responses/kept-page.js'
import { variantKey, type PageKey } from './page-key.js'

/** What is fresh and at hand for a request with these headers: under the key, or as the variant that a rule there names. */
export function pageAtHand(
  engine: Engine,
  where: PageKey,
  headers: IncomingHttpHeaders,
): { readonly where: PageKey; readonly entry: Entry | undefined } {
  engine.tally.begin()
  const now = engine.clock.now()
  const entry = engine.atHand(where.key, now)
  if (entry === undefined || !isRule(entry.value)) return { where, entry }
  const varying = { ...where, found: entry.value.names }
  return { where: varying, entry: engine.atHand(variantKey(varying, headers), now) }
}

/** The same place, with what the page has been found to vary on, as far as that is at hand. */
export function foundAtHand(engine: Engine, where: PageKey): PageKey {
  const value = engine.atHand(where.key)?.value
  return isRule(value) ? { ...where, found: value.names } : where
}
