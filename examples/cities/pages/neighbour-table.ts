import { html } from '../html.js'
import type { Html } from '../html.js'
import { kilometres, population } from '../numbers.js'
import { bearingBetween, windOf } from '../place.js'
import type { Place } from '../place.js'
import type { Neighbour } from '../queries/nearest-cities.js'
import { cityLink, countryLink } from './city-link.js'

/** Cities by their distance from a place. */
export function neighbourTable(caption: string, place: Place, neighbours: readonly Neighbour[]): Html {
  return html`<table class="ranking">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col" class="number">Distance</th>
        <th scope="col"><abbr title="Direction">Dir.</abbr></th>
        <th scope="col">City</th>
        <th scope="col" class="wide">Country</th>
        <th scope="col" class="number">Population</th>
      </tr>
    </thead>
    <tbody>
      ${neighbours.map(
        ({ city, distance }) =>
          html`<tr>
            <td class="number">${kilometres(distance)}</td>
            <td>${windOf(bearingBetween(place, city))}</td>
            <th scope="row">${cityLink(city)}<span class="narrow">${countryLink(city.country)}</span></th>
            <td class="wide">${countryLink(city.country)}</td>
            <td class="number">${population(city.population)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}
