import { shareBar } from '../charts/share-bar.js'
import { kindOf } from '../city.js'
import type { City } from '../city.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { population } from '../numbers.js'
import { cityLink, countryLink } from './city-link.js'

export interface CityTable {
  readonly caption: string
  readonly cities: readonly City[]
  /** The rank of the first row. @default 1 */
  readonly from?: number
  /** What a full bar stands for. */
  readonly largest: number
  /** Says the country where not all cities are of one, and what kind of place it is otherwise. */
  readonly second: 'country' | 'kind'
}

/** Cities ranked by population. */
export function cityTable({ caption, cities, from = 1, largest, second }: CityTable): Html {
  return html`<table class="ranking">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="rank">Rank</th>
        <th scope="col">City</th>
        <th scope="col" class="wide">${second === 'country' ? 'Country' : 'Kind'}</th>
        <th scope="col" class="number">Population</th>
      </tr>
    </thead>
    <tbody>
      ${cities.map(
        (city, index) =>
          html`<tr>
            <td class="rank">${from + index}</td>
            <th scope="row">${cityLink(city)}<span class="narrow">${secondOf(city, second)}</span></th>
            <td class="wide">${secondOf(city, second)}</td>
            <td class="number">${population(city.population)}${shareBar(city.population, largest)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function secondOf(city: City, second: CityTable['second']): Html {
  return second === 'country' ? countryLink(city.country) : html`${kindOf(city)}`
}
