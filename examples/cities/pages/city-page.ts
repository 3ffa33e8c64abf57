import { neighbourhoodMap } from '../charts/neighbourhood-map.js'
import { kindOf } from '../city.js'
import type { City } from '../city.js'
import { countryName } from '../country.js'
import { html } from '../html.js'
import { population } from '../numbers.js'
import { coordinates } from '../place.js'
import type { Neighbour } from '../queries/nearest-cities.js'
import { countryLink } from './city-link.js'
import { layout } from './layout.js'
import { neighbourTable } from './neighbour-table.js'
import { populationForm } from './population-form.js'
import type { RefusedEdit } from './population-form.js'
import { saved } from './saved.js'

/** A city with its neighbours. It shows no rank: a rank depends on the population of every other city. */
export function cityPage(city: City, neighbours: readonly Neighbour[], token: string, refused?: RefusedEdit): string {
  return layout({
    title: `${city.name}, ${countryName(city.country)} · Cities of the world`,
    section: 'countries',
    main: html`${saved}
      <p class="crumbs">${countryLink(city.country)}</p>
      <h1>${city.name}</h1>
      <dl class="facts">
        <div>
          <dt>Population</dt>
          <dd>${population(city.population)}</dd>
        </div>
        <div>
          <dt>Kind</dt>
          <dd>${kindOf(city)}</dd>
        </div>
        <div>
          <dt>Lies at</dt>
          <dd>${coordinates(city)}</dd>
        </div>
      </dl>
      <div class="columns">
        <section>${neighbourTable('Nearest cities', city, neighbours)}</section>
        <aside>
          ${populationForm(city, token, refused)}
          <figure>
            ${neighbourhoodMap(city.name, city, neighbours)}
            <figcaption>Around ${city.name}, as the crow flies; north is up.</figcaption>
          </figure>
        </aside>
      </div>`,
  })
}
