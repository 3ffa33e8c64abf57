import type { IncomingHttpHeaders } from 'node:http'
import type { Engine } from '../cache/engine.js'
import type { Lead } from '../cache/visit.js'
import { keepablePage, RULE_POLICY } from '../responses/kept-page.js'
import { variantKey, type PageKey } from './page-key.js'

/**
 * The lead under the key of the variant, once a page has been found to vary: from now on its key is made with that.
 * @param where what it varies on included
 * @param known what was known of that before
 * @returns `undefined` if it may not be kept there
 */
export async function moveToVariant(
  engine: Engine,
  lead: Lead,
  where: PageKey,
  known: readonly string[],
  headers: IncomingHttpHeaders,
): Promise<Lead | undefined> {
  const key = variantKey(where, headers)
  if (key === lead.flight.key) return lead
  if (where.found.length > known.length) {
    await engine.put(where.key, keepablePage({ kind: 'vary', names: where.found }), RULE_POLICY)
  }
  return engine.move(lead, key)
}
