import { countryName } from '../country.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { whole } from '../numbers.js'
import type { Found, Search } from '../queries/search-cities.js'
import { cityTable } from './city-table.js'
import { layout } from './layout.js'
import { searchForm } from './search-form.js'

export interface SearchResult {
  readonly search: Search
  /** Undefined before anything was searched for. */
  readonly found: Found | undefined
  /** The codes to choose from. */
  readonly countries: readonly string[]
}

export function searchPage({ search, found, countries }: SearchResult): string {
  return layout({
    title: `${search.text ? `“${search.text}” · ` : ''}Search · Cities of the world`,
    section: 'search',
    main: html`<h1>Search</h1>
      ${searchForm({ text: search.text, countries: countryChoice(countries, search.country) })} ${found && results(search, found)}`,
  })
}

function results(search: Search, { total, cities }: Found): Html {
  const where = search.country === undefined ? '' : ` in ${countryName(search.country)}`
  if (total === 0)
    return html`<p class="empty">
      No city${where} has “${search.text}” in its name. Accents do not matter; a shorter part of the name finds more.
    </p>`
  const caption =
    total > cities.length
      ? `The ${cities.length} largest of ${whole(total)} cities${where}`
      : `${whole(total)} ${total === 1 ? 'city' : 'cities'}${where}`
  return cityTable({
    caption: `${caption} with “${search.text}” in the name`,
    cities,
    largest: cities[0]?.population ?? 0,
    second: 'country',
  })
}

function countryChoice(codes: readonly string[], chosen: string | undefined): Html {
  const named = codes.map(code => ({ code, name: countryName(code) })).toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
  return html`<label class="field">
    <span>Country</span>
    <select name="country">
      <option value="">All countries</option>
      ${named.map(({ code, name }) => html`<option value="${code}" ${code === chosen && html`selected`}>${name}</option>`)}
    </select>
  </label>`
}
