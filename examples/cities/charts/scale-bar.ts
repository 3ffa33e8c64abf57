import { html } from '../html.js'
import type { Html } from '../html.js'
import { whole } from '../numbers.js'

/** A line of a round number of kilometres, at most `room` units long, its left end at the given point. */
export function scaleBar(x: number, y: number, kmPerUnit: number, room: number): Html {
  const length = roundBelow(room * kmPerUnit)
  const end = x + length / kmPerUnit
  return html`<g class="scale"><path d="M${x} ${y - 4}v4H${end.toFixed(1)}v-4" /><text x="${x}" y="${y - 8}">${whole(length)} km</text></g>`
}

/** The largest of 1, 2, 5, 10, 20, 50 … that is not above the value. */
export function roundBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const lead = [5, 2, 1].find(digit => digit * power <= value) ?? 1
  return lead * power
}
