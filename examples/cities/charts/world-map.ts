import { html } from '../html.js'
import type { Html } from '../html.js'
import { GRID_DEGREES } from '../queries/world-grid.js'
import type { GridSquare } from '../queries/world-grid.js'
import { dots } from './dots.js'

const SPACING = 5
/** Nobody lives north of 79.5° or south of 56° in numbers one could see. */
const FIRST_ROW = Math.floor((90 - 79.5) / GRID_DEGREES)
const LAST_ROW = Math.floor((90 + 56) / GRID_DEGREES)
const WIDTH = (360 / GRID_DEGREES) * SPACING
const HEIGHT = (LAST_ROW - FIRST_ROW + 1) * SPACING

/** From how many people on a dot has which size, smallest first. */
const SIZES = [
  { from: 0, width: 1.6, shade: 'faint' },
  { from: 20_000, width: 2.4, shade: 'faint' },
  { from: 200_000, width: 3.2, shade: 'strong' },
  { from: 1_000_000, width: 4.2, shade: 'strong' },
  { from: 5_000_000, width: 5.6, shade: 'peak' },
] as const

/** The world as its inhabitants draw it: a dot per square of the grid, larger where more people live. */
export function worldMap(squares: readonly GridSquare[]): Html {
  return html`<svg
    class="map"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="Map of the world: a dot wherever there are cities, larger where more people live"
  >
    ${SIZES.map(({ from, width, shade }, index) => {
      const to = SIZES[index + 1]?.from ?? Infinity
      const points = squares
        .filter(({ population, row }) => population >= from && population < to && row >= FIRST_ROW && row <= LAST_ROW)
        .map(centreOf)
      return html`<path class="dots ${shade}" stroke-width="${width}" d="${dots(points)}" />`
    })}
  </svg>`
}

function centreOf({ column, row }: GridSquare): { readonly x: number; readonly y: number } {
  return { x: column * SPACING + SPACING / 2, y: (row - FIRST_ROW) * SPACING + SPACING / 2 }
}
