import { worldMap } from '../charts/world-map.js'
import type { City } from '../city.js'
import type { Country } from '../country.js'
import { html } from '../html.js'
import { short, whole } from '../numbers.js'
import type { GridSquare } from '../queries/world-grid.js'
import { cityTable } from './city-table.js'
import { countryTable } from './country-table.js'
import { layout } from './layout.js'
import { searchForm } from './search-form.js'

const ROWS = 15

export interface Home {
  readonly largest: readonly City[]
  /** All of them, most populous first. */
  readonly countries: readonly Country[]
  readonly grid: readonly GridSquare[]
}

export function homePage({ largest, countries, grid }: Home): string {
  const cities = countries.reduce((sum, country) => sum + country.cities, 0)
  const people = countries.reduce((sum, country) => sum + country.population, 0)
  return layout({
    title: 'Cities of the world',
    main: html`<section class="hero">
        <h1>Cities of the world</h1>
        <p class="lead">
          ${whole(cities)} cities in ${countries.length} countries and territories, home to ${short(people)} people. Look one up, see who
          its neighbours are, or correct its population.
        </p>
        ${searchForm({})}
      </section>
      <figure class="world">
        ${worldMap(grid)}
        <figcaption>A dot wherever a city is; the larger, the more people live there.</figcaption>
      </figure>
      <div class="columns">
        <section>
          ${cityTable({ caption: 'Largest cities', cities: largest, largest: largest[0]?.population ?? 0, second: 'country' })}
        </section>
        <section>
          ${countryTable({ caption: 'Countries by people in cities', countries: countries.slice(0, ROWS), by: 'population', largest: countries[0]?.population ?? 0 })}
          <p><a href="/countries">All ${countries.length} countries and territories</a></p>
        </section>
      </div>`,
  })
}
