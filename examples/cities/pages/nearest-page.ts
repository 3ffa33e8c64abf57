import { neighbourhoodMap } from '../charts/neighbourhood-map.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { coordinates } from '../place.js'
import type { Place } from '../place.js'
import type { Neighbour } from '../queries/nearest-cities.js'
import { layout } from './layout.js'
import { neighbourTable } from './neighbour-table.js'

const PLACES = [
  { name: 'The North Pole', latitude: 90, longitude: 0 },
  { name: 'Null Island', latitude: 0, longitude: 0 },
  { name: 'Point Nemo', latitude: -48.88, longitude: -123.39 },
  { name: 'Matterhorn', latitude: 45.98, longitude: 7.66 },
  { name: 'Uluru', latitude: -25.34, longitude: 131.04 },
  { name: 'Mount Everest', latitude: 27.99, longitude: 86.93 },
  { name: 'Panama Canal', latitude: 9.08, longitude: -79.68 },
] as const

/** What was asked for, with its answer; undefined before anything was. */
export interface Nearest {
  readonly place: Place
  readonly neighbours: readonly Neighbour[]
}

export function nearestPage(nearest: Nearest | undefined): string {
  return layout({
    title: 'Nearest cities · Cities of the world',
    section: 'nearest',
    main: html`<h1>Nearest cities</h1>
      <p class="lead">
        To answer, every city is read, measured and sorted: there is no spatial index, on purpose. Ask twice and see what a cache saves.
      </p>
      ${placeForm(nearest?.place)}
      <nav class="choices" aria-label="Places to try">
        ${PLACES.map(({ name, latitude, longitude }) => html`<a href="/nearest?lat=${latitude}&amp;lon=${longitude}">${name}</a>`)}
      </nav>
      ${nearest && answer(nearest)}`,
  })
}

function placeForm(place: Place | undefined): Html {
  return html`<form class="search" action="/nearest">
    <label class="field">
      <span>Latitude, south negative</span>
      <input type="number" name="lat" min="-90" max="90" step="any" value="${place?.latitude}" required />
    </label>
    <label class="field">
      <span>Longitude, west negative</span>
      <input type="number" name="lon" min="-180" max="180" step="any" value="${place?.longitude}" required />
    </label>
    <button>Find the nearest</button>
  </form>`
}

function answer({ place, neighbours }: Nearest): Html {
  const where = coordinates(place)
  return html`<div class="columns">
    <section>${neighbourTable(`Nearest to ${where}`, place, neighbours)}</section>
    <aside>
      <figure>
        ${neighbourhoodMap(where, place, neighbours)}
        <figcaption>As the crow flies; north is up.</figcaption>
      </figure>
    </aside>
  </div>`
}
