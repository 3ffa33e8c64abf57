import type { City } from '../city.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { population } from '../numbers.js'
import { dots } from './dots.js'
import type { Point } from './dots.js'
import { placeLabels } from './labels.js'
import { fitProjection } from './projection.js'
import { scaleBar } from './scale-bar.js'

const FRAME = { width: 440, minHeight: 220, maxHeight: 520 }
const NAMED = 8
const LARGEST_RADIUS = 13
/** From how many people on a dot is a strong one. */
const STRONG = 20_000

/** The cities of a country as dots where they lie, the largest ones as named discs. Cities come largest first. */
export function countryMap(name: string, cities: readonly City[]): Html {
  const { height, kmPerUnit, toPoint } = fitProjection(cities, FRAME)
  const shown = cities
    .map(city => ({ city, at: toPoint(city) }))
    .filter(({ at }) => at.x > 0 && at.x < FRAME.width && at.y > 0 && at.y < height)
  const pointsWhere = (wanted: (city: City) => boolean): readonly Point[] => shown.filter(({ city }) => wanted(city)).map(({ at }) => at)
  const discs = shown.slice(0, NAMED).map(({ city, at }) => ({ city, at, text: city.name, radius: radiusOf(city, cities[0]) }))
  return html`<figure>
    <svg class="map" viewBox="0 0 ${FRAME.width} ${height}" role="img" aria-label="Map of the cities of ${name}">
      <path class="dots faint" stroke-width="1.7" d="${dots(pointsWhere(city => city.population < STRONG))}" />
      <path class="dots strong" stroke-width="2.6" d="${dots(pointsWhere(city => city.population >= STRONG))}" />
      ${discs.map(({ city, at, radius }) => html`<circle class="disc" cx="${at.x.toFixed(1)}" cy="${at.y.toFixed(1)}" r="${radius.toFixed(1)}"><title>${city.name}: ${population(city.population)}</title></circle>`)}
      ${placeLabels(discs, FRAME.width, height - 24)} ${scaleBar(10, height - 6, kmPerUnit, 110)}
    </svg>
    <figcaption>
      A dot for each city, where it lies; the largest as discs in proportion to their population.${leftOut(cities.length - shown.length)}
    </figcaption>
  </figure>`
}

/** Discs by area, so that twice the people cover twice the ground. */
function radiusOf(city: City, largest: City | undefined): number {
  return Math.max(2.5, LARGEST_RADIUS * Math.sqrt(city.population / Math.max(largest?.population ?? 1, 1)))
}

function leftOut(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' One far away lies outside the map.' : ` ${count} far away lie outside the map.`
}
