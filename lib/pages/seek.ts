import { ask, type Asking } from '../cache/ask.js'
import type { Engine } from '../cache/engine.js'
import { accept, type Visit as Looked } from '../cache/visit.js'
import { patiently } from '../time/patience.js'

/** What came of asking for an entry; `absent` for who does not want it to be made. */
export type Found = Looked | { readonly state: 'absent' }
export type Miss = Extract<Looked, { readonly state: 'miss' }>

/** Asks for what is kept. At once, where nobody has to be waited for. */
export function seek(engine: Engine, asking: Asking, onlyIfCached: boolean): Found | Promise<Found> {
  return onlyIfCached ? find(engine, asking) : ask(engine, asking)
}

/** Looks without the intention to load. */
async function find(engine: Engine, { key, accepts = accept }: Asking): Promise<Found> {
  const entry = await engine.find(key)
  return entry !== undefined && accepts(entry, false) ? { state: 'fresh', entry } : { state: 'absent' }
}

/**
 * Waits for another's answer to the same page, but not for ever: after `waitMs` who asks is alone.
 * @param late ends a lead that comes after that
 */
export async function waitFor(
  engine: Engine,
  key: string,
  found: Found | Promise<Found>,
  waitMs: number,
  late: (lead: Miss['lead']) => void,
): Promise<Found> {
  const visit = await patiently(Promise.resolve(found), waitMs, lately => {
    if ('lead' in lately && lately.lead !== undefined) late(lately.lead)
  })
  if (visit !== undefined) return visit
  // A visitor who reads nothing would keep everybody waiting, each of them anew.
  engine.giveUpOn(key)
  return { state: 'alone', reason: 'wait-timeout' }
}
