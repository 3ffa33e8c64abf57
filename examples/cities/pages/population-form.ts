import type { City } from '../city.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { whole } from '../numbers.js'
import { MOST_PEOPLE } from '../population.js'

/** What somebody sent that cannot be kept, and why. */
export interface RefusedEdit {
  readonly sent: string
  readonly problem: string
}

export function populationForm(city: City, refused?: RefusedEdit): Html {
  return html`<form class="edit" method="post" action="/cities/${city.id}" autocomplete="off">
    <h2>Correct the population</h2>
    ${refused && html`<p class="problem" id="problem" role="alert">${refused.problem}</p>`}
    <label class="field grow">
      <span>People in ${city.name}</span>
      <input
        name="population"
        inputmode="numeric"
        pattern="[0-9]*"
        value="${refused?.sent ?? city.population}"
        required${refused && html` aria-invalid="true" aria-describedby="problem"`}
      />
    </label>
    <button>Save</button>
    <p class="hint">
      A whole number up to ${whole(MOST_PEOPLE)}; 0 where nobody knows. Saving purges the pages that show it, and no others.
    </p>
  </form>`
}
