import type { Knex } from 'knex'
import type { City } from '../city.js'
import type { Place } from '../place.js'

const COLUMNS = ['id', 'name', 'country', 'kind', 'population', 'latitude', 'longitude'] as const

export async function findCity(db: Knex, id: number): Promise<City | undefined> {
  return db('cities')
    .where({ id })
    .first(...COLUMNS)
}

export async function findCities(db: Knex, ids: readonly number[]): Promise<readonly City[]> {
  return db('cities')
    .whereIn('id', ids)
    .select(...COLUMNS)
}

/** The largest cities of the world, largest first. */
export async function largestCities(db: Knex, limit: number): Promise<readonly City[]> {
  return byPopulation(db('cities').select(...COLUMNS)).limit(limit)
}

/** All cities of a country, largest first. */
export async function citiesOfCountry(db: Knex, country: string): Promise<readonly City[]> {
  return byPopulation(
    db('cities')
      .where({ country })
      .select(...COLUMNS),
  )
}

/** Where the cities of a country lie, and of what kind they are: no edit changes that. */
export async function placesOfCountry(db: Knex, country: string): Promise<readonly (Place & Pick<City, 'kind'>)[]> {
  const places = db('cities').where({ country }).select('kind', 'latitude', 'longitude')
  // Where queries are kept, writes end this one as well, unless it says that they do not.
  return 'permanentCache' in places ? places.permanentCache({ ttl: '7d' }) : places
}

/**
 * Sets a city's population, in one statement: others who write wait for it, in whichever process. That the country is named, too, tells what was read by
 * country and has to end.
 */
export async function setPopulation(db: Knex, { id, country }: Pick<City, 'id' | 'country'>, population: number): Promise<void> {
  await db('cities').where({ id, country }).update({ population })
}

/** One order for every ranking: equal populations by name, equal names by id. */
export function byPopulation(query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.orderBy([{ column: 'population', order: 'desc' }, 'name', 'id'])
}
