import type { Entry } from '../entries/entry.js'
import { Scope } from '../scope/scope.js'
import type { Engine } from './engine.js'
import type { Lead } from './visit.js'

/** What is kept under a key, and the right to replace it, where that is to be had at once. */
export interface Alone {
  /** Whatever its age. */
  readonly entry: Entry | undefined
  /** Collects what the load depends on; closed where nothing will be kept. */
  readonly scope: Scope
  /** Absent where something fresh is kept, where another loads, and where the store fails. */
  readonly lead: Lead | undefined
}

/** Looks under a key for one who loads whatever there is, and waits for nobody. Nothing is announced, and nobody waits for the load. */
export async function leadAlone(
  { closed, door, flights, scopes, clock }: Engine,
  key: string,
  tags: readonly string[],
  name: string | undefined,
): Promise<Alone> {
  const scope = new Scope(tags, scopes.current)
  const reading = closed ? undefined : await door.readToLoad(key)
  if (reading?.lease === undefined) {
    scope.closed = true
    return { entry: reading?.entry, scope, lead: undefined }
  }
  const { entry, position, journal, lease } = reading
  const flight = flights.open(key, scope.tags, name)
  return {
    entry,
    scope,
    lead: {
      flight,
      position,
      journal,
      lease,
      scope,
      begunAt: clock.monotonic(),
      supersedes: false,
      because: entry === undefined ? 'absent' : 'expired',
    },
  }
}
