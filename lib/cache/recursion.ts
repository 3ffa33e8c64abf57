import type { Entry } from '../entries/entry.js'
import { CacheError } from '../errors.js'
import type { Flight } from '../flight/flight.js'
import type { Scopes } from '../scope/scope.js'

/** @throws {CacheError} `ERR_CACHE_RECURSION` inside the load that the flight is: it would wait for itself */
export function refuseRecursion(scopes: Scopes, flight: Flight<Entry> | undefined): void {
  if (flight === undefined || scopes.current?.isWithin(flight.tags) !== true) return
  throw new CacheError('ERR_CACHE_RECURSION', `The load of ${flight.key} asks for ${flight.key} itself`)
}
