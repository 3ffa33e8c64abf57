import type { Knex } from 'knex'
import type { Cache } from 'smart-cache'
import { countryMap, largestCities } from './charts/country-map.js'
import { sizeChart } from './charts/size-chart.js'
import { countryName } from './country.js'
import { Html } from './html.js'
import { CITIES_PER_PAGE } from './pages/country-page.js'
import { cityTable } from './pages/city-table.js'
import { rankTable } from './pages/country-table.js'
import { placesOfCountry } from './queries/city-queries.js'
import type { Rankings } from './rankings.js'

/**
 * The parts of a country's page, each kept by itself for as long as what it shows holds. All pages of a country share those that are no list, and a page
 * that is made anew is made of those that are still kept.
 */
export interface CountryParts {
  /** Its place among all countries, at the last count: ends with the next, in the morning. */
  readonly ranking: (code: string) => Promise<Html>
  /** Where its cities lie: no edit changes that. */
  readonly map: (code: string) => Promise<Html>
  /** Its largest cities, to be laid over the map: ends with any edit there. */
  readonly largest: (code: string) => Promise<Html>
  /** In cities of which size its people live: ends with any edit there. */
  readonly sizes: (code: string) => Promise<Html>
  /** A page of its cities, largest first: ends with any edit there. */
  readonly cities: (code: string, page: number) => Promise<Html>
}

export function keptCountryParts(db: Knex, cache: Cache, { counted, citiesOf }: Rankings): CountryParts {
  // They live no longer than what they read through the cache, and end with it: nothing has to be said of that here.
  const kept = async (name: string, vary: readonly unknown[], make: () => Promise<Html>): Promise<Html> =>
    new Html(await cache.fragment(name, { ttl: '7d', vary, template: String(make) }, async () => (await make()).toString()))
  return {
    ranking: code => kept('ranking', [code], async () => rankTable(code, await counted())),
    map: code => kept('map', [code], async () => countryMap(countryName(code), await placesOfCountry(db, code))),
    largest: code => kept('largest cities', [code], async () => largestCities(await citiesOf(code))),
    sizes: code => kept('sizes', [code], async () => sizeChart(await citiesOf(code))),
    cities: (code, page) =>
      kept('cities', [code, page], async () => {
        const cities = await citiesOf(code)
        const skipped = (page - 1) * CITIES_PER_PAGE
        return cityTable({
          caption: 'Cities by population',
          cities: cities.slice(skipped, skipped + CITIES_PER_PAGE),
          from: skipped + 1,
          largest: cities[0]?.population ?? 0,
          second: 'kind',
        })
      }),
  }
}
