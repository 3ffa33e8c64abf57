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
}

/** Countries in the order given. */
export function countryTable({ caption, countries, by, largest }: CountryTable): Html {
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
          html`<tr>
            <td class="rank">${index + 1}</td>
            <th scope="row">${countryLink(country.code)}</th>
            <td class="number">${whole(country.cities)}${bar('cities', country)}</td>
            <td class="number">${population(country.population)}${bar('population', country)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
