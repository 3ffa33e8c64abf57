import type { Knex } from 'knex'
import type { Country } from '../country.js'

/** Every country with its totals, most populous first. */
export async function listCountries(db: Knex): Promise<readonly Country[]> {
  return db('cities')
    .select<Country[]>('country as code', db.raw('count(*) as cities'), db.raw('sum(population) as population'))
    .groupBy('country')
    .orderBy([{ column: 'population', order: 'desc' }, 'country'])
}

/** The codes there are, for choosing and checking; no edit changes them. */
export async function countryCodes(db: Knex): Promise<readonly string[]> {
  return db('cities').distinct('country').pluck('country')
}
