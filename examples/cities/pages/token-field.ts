import { html } from '../html.js'
import type { Html } from '../html.js'

/** What stands in a kept page for what is each visitor's own. */
export interface Personal {
  readonly greeting: string
  readonly token: string
}

/** Belongs into every form that is posted. */
export function tokenField(token: string): Html {
  return html`<input type="hidden" name="token" value="${token}" />`
}
