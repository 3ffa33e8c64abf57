import { html } from '../html.js'

/** Seen at the address to which a saved form leads. */
export const saved = html`<p class="saved" id="saved" role="status">
  Saved. The pages that showed the old number are purged; all others are still kept.
</p>`
