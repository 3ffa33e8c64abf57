import type { Knex } from 'knex'
import type { Cache } from 'smart-cache'
import type { City } from './city.js'
import type { Country } from './country.js'
import { citiesOfCountry } from './queries/city-queries.js'
import { countedCountries, listCountries, MORNING } from './queries/country-queries.js'
import { countryTag, WORLD } from './tags.js'
import { zoneOf } from './zone.js'

/** What takes long to count, kept apart from the pages that show it. */
export interface Rankings {
  /** Counted anew every morning, before anybody asks. */
  countries(): Promise<readonly Country[]>
  /** All of them as they were counted last, once between two mornings: for what need not change with every edit in the world. */
  counted(): Promise<readonly Country[]>
  /** The cities of a country, until midnight there; and so are the pages that show them. */
  citiesOf(code: string): Promise<readonly City[]>
}

export function keptRankings(db: Knex, cache: Cache): Rankings {
  const countries = cache.cached(() => listCountries(db), { name: 'countries', ttl: '2d', tags: [WORLD] })
  cache.schedule({ name: 'morning', cron: '0 4 * * *', timezone: 'UTC', invalidate: [WORLD], warm: () => countries() })
  return {
    countries: () => countries(),
    counted: () => cache.getOrSet('countries as counted', () => countedCountries(db), MORNING),
    citiesOf: code =>
      cache.getOrSet(`cities of ${code}`, () => citiesOfCountry(db, code), {
        invalidateAt: '00:00',
        timezone: zoneOf(code),
        tags: [countryTag(code)],
      }),
  }
}
