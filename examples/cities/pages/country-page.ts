import { countryMap } from '../charts/country-map.js'
import { sizeChart } from '../charts/size-chart.js'
import type { City } from '../city.js'
import { countryName } from '../country.js'
import { html } from '../html.js'
import { population, whole } from '../numbers.js'
import { cityLink } from './city-link.js'
import { cityTable } from './city-table.js'
import { layout } from './layout.js'
import { pageLinks } from './page-links.js'

export const CITIES_PER_PAGE = 50

/** A country with all its cities, largest first, and the page of the ranking to show. */
export function countryPage(code: string, cities: readonly City[], page: number): string {
  const name = countryName(code)
  const skipped = (page - 1) * CITIES_PER_PAGE
  const people = cities.reduce((sum, city) => sum + city.population, 0)
  const capitals = cities.filter(({ kind }) => kind === 'PPLC').map((city, index) => html`${index > 0 && ', '}${cityLink(city)}`)
  return layout({
    title: `${name} · Cities of the world`,
    section: 'countries',
    main: html`<h1>${name}</h1>
      <dl class="facts">
        <div>
          <dt>Cities</dt>
          <dd>${whole(cities.length)}</dd>
        </div>
        <div>
          <dt>People in them</dt>
          <dd>${population(people)}</dd>
        </div>
        ${
          capitals.length > 0 &&
          html`<div>
            <dt>Capital</dt>
            <dd>${capitals}</dd>
          </div>`
        }
      </dl>
      <div class="columns">
        <section>
          ${cityTable({ caption: 'Cities by population', cities: cities.slice(skipped, skipped + CITIES_PER_PAGE), from: skipped + 1, largest: cities[0]?.population ?? 0, second: 'kind' })}
          ${pageLinks(`/countries/${code}`, page, Math.ceil(cities.length / CITIES_PER_PAGE))}
        </section>
        <aside>
          ${countryMap(name, cities)}
          <figure>
            <h2>Where people live, by size of city</h2>
            ${sizeChart(cities)}
          </figure>
        </aside>
      </div>`,
  })
}
