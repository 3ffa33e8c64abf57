import { html } from '../html.js'
import type { Html } from '../html.js'
import { LONGEST_NAME } from '../visitors/visitor.js'
import { tokenField } from './token-field.js'
import type { Personal } from './token-field.js'

/** Greets whoever looks at a page, and asks for the name to do so by. */
export function greetingForm(path: string, { greeting, token }: Personal): Html {
  return html`<details class="greeting">
    <summary>${greeting}</summary>
    <form method="post" action="/greeting">
      ${tokenField(token)}
      <input type="hidden" name="back" value="${path}" />
      <label class="field grow">
        <span>Your name</span>
        <input name="name" maxlength="${LONGEST_NAME}" autocomplete="nickname" required />
      </label>
      <button>Remember it</button>
    </form>
  </details>`
}
