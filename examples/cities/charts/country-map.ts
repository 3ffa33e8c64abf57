import type { City } from '../city.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import type { Place } from '../place.js'
import { dots } from './dots.js'
import type { Point } from './dots.js'
import { placeLabels } from './labels.js'
import { fitProjection } from './projection.js'
import type { Projection } from './projection.js'
import { scaleBar } from './scale-bar.js'

const FRAME = { width: 440, minHeight: 220, maxHeight: 520 }
const NAMED = 8
const LARGEST_RADIUS = 13
/** Capitals of all sorts are strong dots. */
const STRONG: ReadonlySet<string> = new Set(['PPLC', 'PPLG', 'PPLA', 'PPLA2'])

/** A city as far as no edit changes it. */
export type Dot = Place & Pick<City, 'kind'>

/** The cities of a country as dots where they lie. */
export function countryMap(name: string, places: readonly Dot[]): Html {
  const projection = fitProjection(places, FRAME)
  const { height, kmPerUnit } = projection
  const shown = places.map(place => ({ place, at: projection.toPoint(place) })).filter(({ at }) => isWithin(at, projection))
  const pointsOf = (strong: boolean): readonly Point[] => shown.filter(({ place }) => STRONG.has(place.kind) === strong).map(({ at }) => at)
  return html`<svg class="map" viewBox="0 0 ${FRAME.width} ${height}" role="img" aria-label="Map of the cities of ${name}">
      <path class="dots faint" stroke-width="1.7" d="${dots(pointsOf(false))}" />
      <path class="dots strong" stroke-width="2.6" d="${dots(pointsOf(true))}" />
      ${scaleBar(10, height - 6, kmPerUnit, 110)}
    </svg>
    <figcaption>
      A dot for each city, where it lies, stronger for capitals of regions; the largest as discs in proportion to their
      population.${leftOut(places.length - shown.length)}
    </figcaption>`
}

/** The largest cities of a country as named discs, to be laid over its map. Cities come largest first. */
export function largestCities(cities: readonly City[]): Html {
  const projection = fitProjection(cities, FRAME)
  const { height, toPoint } = projection
  const discs = cities
    .slice(0, NAMED)
    .map(city => ({ at: toPoint(city), text: city.name, radius: radiusOf(city, cities[0]) }))
    .filter(({ at }) => isWithin(at, projection))
  return html`<svg
    class="map"
    viewBox="0 0 ${FRAME.width} ${height}"
    role="img"
    aria-label="The largest of them: ${discs.map(({ text }) => text).join(', ')}"
  >
    ${discs.map(({ text, at, radius }) => html`<circle class="disc" cx="${at.x.toFixed(1)}" cy="${at.y.toFixed(1)}" r="${radius.toFixed(1)}"><title>${text}</title></circle>`)}
    ${placeLabels(discs, FRAME.width, height - 24)}
  </svg>`
}

function isWithin({ x, y }: Point, { height }: Projection): boolean {
  return x > 0 && x < FRAME.width && y > 0 && y < height
}

/** Discs by area, so that twice the people cover twice the ground. */
function radiusOf(city: City, largest: City | undefined): number {
  return Math.max(2.5, LARGEST_RADIUS * Math.sqrt(city.population / Math.max(largest?.population ?? 1, 1)))
}

function leftOut(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' One far away lies outside the map.' : ` ${count} far away lie outside the map.`
}
