import { html } from '../html.js'
import type { Html } from '../html.js'
import { kilometres, whole } from '../numbers.js'
import { bearingBetween } from '../place.js'
import type { Place } from '../place.js'
import type { Neighbour } from '../queries/nearest-cities.js'
import type { Point } from './dots.js'
import { placeLabels } from './labels.js'
import { roundBelow } from './scale-bar.js'

const SIZE = 440
const MIDDLE = SIZE / 2
const REACH = MIDDLE - 22

/** The neighbours around a place, each in its direction and at its distance; rings show how far. */
export function neighbourhoodMap(title: string, place: Place, neighbours: readonly Neighbour[]): Html {
  const farthest = Math.max(0.1, neighbours.at(-1)?.distance ?? 1)
  const scale = REACH / farthest
  const step = roundBelow(farthest / 2)
  const rings = [1, 2, 3, 4].map(times => times * step).filter(radius => radius <= farthest * 1.08)
  const marks = neighbours.map(({ city, distance }) => ({
    city,
    distance,
    text: city.name,
    at: toPoint(distance * scale, bearingBetween(place, city)),
    radius: radiusOf(city.population),
  }))
  return html`<svg
    class="map"
    viewBox="0 0 ${SIZE} ${SIZE}"
    role="img"
    aria-label="Map of the ${neighbours.length} cities nearest to ${title}"
  >
    ${rings.map(radius => html`<circle class="ring" cx="${MIDDLE}" cy="${MIDDLE}" r="${(radius * scale).toFixed(1)}" /><text class="ring-label" x="${MIDDLE}" y="${(MIDDLE + radius * scale - 3).toFixed(1)}">${whole(radius)} km</text>`)}
    <path class="centre" d="M${MIDDLE - 7} ${MIDDLE}h14M${MIDDLE} ${MIDDLE - 7}v14" />
    ${marks.map(({ city, distance, at, radius }) => html`<circle class="disc" cx="${at.x.toFixed(1)}" cy="${at.y.toFixed(1)}" r="${radius.toFixed(1)}"><title>${city.name}, ${kilometres(distance)}</title></circle>`)}
    ${placeLabels(marks, SIZE, SIZE)}
  </svg>`
}

function toPoint(radius: number, bearing: number): Point {
  return { x: MIDDLE + radius * Math.sin(bearing), y: MIDDLE - radius * Math.cos(bearing) }
}

function radiusOf(population: number): number {
  return Math.min(14, Math.max(2, Math.sqrt(population) / 28))
}
