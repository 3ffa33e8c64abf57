import { html } from '../html.js'
import type { Html } from '../html.js'

/** A bar for a table cell, as long as the value's share of the largest one. */
export function shareBar(value: number, largest: number): Html {
  const share = largest === 0 ? 0 : (value / largest) * 100
  return html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar" width="${share.toFixed(2)}" height="8" />
  </svg>`
}
