import type { Country } from '../country.js'
import { html } from '../html.js'
import { countryTable } from './country-table.js'
import { layout } from './layout.js'

/** The ways to rank countries, by the name they have in the address. */
export const COUNTRY_ORDERS = ['population', 'cities'] as const

export type CountryOrder = (typeof COUNTRY_ORDERS)[number]

const LABELS: Readonly<Record<CountryOrder, string>> = { population: 'By people', cities: 'By number of cities' }

export function countriesPage(countries: readonly Country[], by: CountryOrder): string {
  const ranked = countries.toSorted((one, other) => other[by] - one[by])
  return layout({
    title: 'Countries · Cities of the world',
    section: 'countries',
    main: html`<h1>Countries and territories</h1>
      <nav class="choices" aria-label="Ranking">
        ${COUNTRY_ORDERS.map(order => html`<a href="/countries?by=${order}" ${order === by && html`aria-current="true"`}>${LABELS[order]}</a>`)}
      </nav>
      ${countryTable({ caption: `${ranked.length} countries and territories`, countries: ranked, by, largest: ranked[0]?.[by] ?? 0 })}`,
  })
}
