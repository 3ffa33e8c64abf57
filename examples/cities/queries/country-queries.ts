import type { Knex } from 'knex'
import type { Country } from '../country.js'

/** Every country with its totals, most populous first. */
export async function listCountries(db: Knex): Promise<readonly Country[]> {
  return totals(db)
}

/** When the next count is due. */
export const MORNING = { invalidateAt: '04:00', timezone: 'UTC' } as const

/** The same as it was counted last, whatever is edited since. */
export async function countedCountries(db: Knex): Promise<readonly Country[]> {
  const counted = totals(db)
  // Where queries are kept, writes end this one as well, unless it says that they do not.
  return 'permanentCache' in counted ? counted.permanentCache(MORNING) : counted
}

function totals(db: Knex): Knex.QueryBuilder<object, Country[]> {
  return db('cities')
    .select<Country[]>('country as code', db.raw('count(*) as cities'), db.raw('sum(population) as population'))
    .groupBy('country')
    .orderBy([{ column: 'population', order: 'desc' }, 'country'])
}

/** The codes there are, for choosing and checking; no edit changes them. */
export async function countryCodes(db: Knex): Promise<readonly string[]> {
  return db('cities').distinct('country').pluck('country')
}
