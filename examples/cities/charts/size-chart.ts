import type { City } from '../city.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { short, whole } from '../numbers.js'

const CLASSES = [
  { label: 'Over 1 million', from: 1_000_000 },
  { label: '100,000 to 1 million', from: 100_000 },
  { label: '10,000 to 100,000', from: 10_000 },
  { label: '1,000 to 10,000', from: 1_000 },
  { label: 'Under 1,000', from: 1 },
] as const

const WIDTH = 440
const ROW = 40

/** In cities of which size the people of a country live, as bars. Cities of unknown size are left out. */
export function sizeChart(cities: readonly City[]): Html {
  const classes = CLASSES.map(({ label, from }, index) => {
    const within = cities.filter(({ population }) => population >= from && population < (CLASSES[index - 1]?.from ?? Infinity))
    return {
      label,
      cities: `${whole(within.length)} ${within.length === 1 ? 'city' : 'cities'}`,
      people: within.reduce((sum, { population }) => sum + population, 0),
    }
  })
  const most = Math.max(1, ...classes.map(({ people }) => people))
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${CLASSES.length * ROW}"
    role="img"
    aria-label="People by size of city: ${classes.map(({ label, people }) => `${label} ${whole(people)}`).join(', ')}"
  >
    ${classes.map(
      (one, index) =>
        html`<g transform="translate(0 ${index * ROW})">
          <text y="13">${one.label}</text>
          <text y="13" x="${WIDTH}" class="quiet" text-anchor="end">${one.cities} · ${short(one.people)} people</text>
          <rect class="track" y="19" width="${WIDTH}" height="9" rx="2" />
          <rect class="bar" y="19" width="${((one.people / most) * WIDTH).toFixed(1)}" height="9" rx="2" />
        </g>`,
    )}
  </svg>`
}
