import type { Knex } from 'knex'
import type { City } from '../city.js'
import { distanceBetween } from '../place.js'
import type { Place } from '../place.js'
import { findCities } from './city-queries.js'

export interface Neighbour {
  readonly city: City
  /** In kilometres. */
  readonly distance: number
}

/**
 * The cities nearest to a place, nearest first; parts of cities do not count. Expensive on purpose: without a spatial
 * index every row is read, measured and sorted, each time.
 */
export async function nearestCities(db: Knex, place: Place, limit: number): Promise<readonly Neighbour[]> {
  const places = db('cities').whereNot({ kind: 'PPLX' }).select('id', 'latitude', 'longitude')
  // Where queries are kept, this is too much to keep: the pages made of it are.
  const everywhere: readonly (Place & { readonly id: number })[] = await ('noCache' in places ? places.noCache() : places)
  const nearest = everywhere
    .map(({ id, latitude, longitude }) => ({ id, distance: distanceBetween(place, { latitude, longitude }) }))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, limit)
  const cities = new Map(
    (
      await findCities(
        db,
        nearest.map(({ id }) => id),
      )
    ).map(city => [city.id, city]),
  )
  return nearest.flatMap(({ id, distance }) => {
    const city = cities.get(id)
    return city ? [{ city, distance }] : []
  })
}
