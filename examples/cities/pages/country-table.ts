import { shareBar } from '../charts/share-bar.js'
import type { Country } from '../country.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { population, whole } from '../numbers.js'
import { countryLink } from './city-link.js'

export interface CountryTable {
  readonly caption: string
  readonly countries: readonly Country[]
  /** The column that ranks, and draws the bars. */
  readonly by: 'population' | 'cities'
  readonly largest: number
  /** The rank of the first row. @default 1 */
  readonly from?: number
  /** The code of the one that the page is about. */
  readonly current?: string
}

/** Countries in the order given. */
export function countryTable({ caption, countries, by, largest, from = 1, current }: CountryTable): Html {
  const bar = (column: typeof by, country: Country): Html | false => column === by && shareBar(country[column], largest)
  return html`<table class="ranking">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="rank">Rank</th>
        <th scope="col">Country</th>
        <th scope="col" class="number">Cities</th>
        <th scope="col" class="number">People in them</th>
      </tr>
    </thead>
    <tbody>
      ${countries.map(
        (country, index) =>
          html`<tr ${country.code === current && html`aria-current="true"`}>
            <td class="rank">${from + index}</td>
            <th scope="row">${countryLink(country.code)}</th>
            <td class="number">${whole(country.cities)}${bar('cities', country)}</td>
            <td class="number">${population(country.population)}${bar('population', country)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

const AROUND = 2

/** A country among those that have about as many people, of all countries, most populous first. */
export function rankTable(code: string, countries: readonly Country[]): Html {
  const place = countries.findIndex(country => country.code === code)
  const first = Math.max(0, Math.min(place - AROUND, countries.length - 2 * AROUND - 1))
  const shown = countries.slice(first, first + 2 * AROUND + 1)
  return countryTable({
    caption: `Number ${place + 1} of ${countries.length} by people in cities, at the last count`,
    countries: shown,
    by: 'population',
    largest: shown[0]?.population ?? 0,
    from: first + 1,
    current: code,
  })
}
