import type { Knex } from 'knex'
import type { Cache } from 'smart-cache'
import type { City } from './city.js'
import { foldName } from './fold-name.js'
import { searchCities } from './queries/search-cities.js'
import type { Found, Search } from './queries/search-cities.js'

const MOST_RESULTS = 50

/** The largest cities that a search finds. */
export type Searches = (search: Search) => Promise<Found>

/**
 * Each search is kept by what it asks for. A city that changes ends those that can find it, and no others: in its country or in all, for any part of its
 * name. They are made anew at once, and pages that show them end with them.
 */
export function keptSearches(db: Knex, cache: Cache): Searches {
  cache.define('search', {
    load: (text: string, country: string | undefined) => searchCities(db, { text, country }, MOST_RESULTS),
    ttl: '1d',
    dependsOn: { city: { outdated: row => foundBy(row as Pick<City, 'name' | 'country'>), refresh: true } },
  })
  return ({ text, country }) => cache.load<Found>('search', { text: foldName(text), country })
}

/** By what a city is found: a list stands for each of its items. */
function foundBy({ name, country }: Pick<City, 'name' | 'country'>) {
  return { country, text: partsOf(foldName(name)) }
}

function partsOf(text: string): readonly string[] {
  const parts = new Set<string>()
  for (let from = 0; from < text.length; from++) for (let to = from + 1; to <= text.length; to++) parts.add(text.slice(from, to))
  return [...parts]
}
