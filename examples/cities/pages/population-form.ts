import type { City } from '../city.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { whole } from '../numbers.js'
import { MOST_PEOPLE } from '../population.js'
import { tokenField } from './token-field.js'

/** What somebody sent that cannot be kept, and why. */
export interface RefusedEdit {
  /** Of which city, where there was a choice. */
  readonly city?: number
  readonly sent: string
  readonly problem: string
}

export function populationForm(city: City, token: string, refused?: RefusedEdit): Html {
  return editForm({
    heading: 'Correct the population',
    path: `/cities/${city.id}`,
    token,
    refused,
    fields: peopleField(`People in ${city.name}`, refused?.sent ?? city.population, refused),
  })
}

/** The same for any of some cities. */
export function anyPopulationForm(path: string, cities: readonly City[], token: string, refused?: RefusedEdit): Html {
  const fields = html`<label class="field grow">
      <span>City</span>
      <select name="city">
        ${cities.map(({ id, name }) => html`<option value="${id}" ${id === refused?.city && html`selected`}>${name}</option>`)}
      </select>
    </label>
    ${peopleField('People in it', refused?.sent, refused)}`
  return editForm({ heading: 'Correct a population', path, token, refused, fields })
}

interface EditForm {
  readonly heading: string
  readonly path: string
  readonly token: string
  readonly refused: RefusedEdit | undefined
  readonly fields: Html
}

function editForm({ heading, path, token, refused, fields }: EditForm): Html {
  return html`<form class="edit" method="post" action="${path}" autocomplete="off">
    <h2>${heading}</h2>
    ${tokenField(token)} ${refused && html`<p class="problem" id="problem" role="alert">${refused.problem}</p>`} ${fields}
    <button>Save</button>
    <p class="hint">
      A whole number up to ${whole(MOST_PEOPLE)}; 0 where nobody knows. Saving purges the pages that show it, and no others.
    </p>
  </form>`
}

function peopleField(label: string, value: string | number | undefined, refused: RefusedEdit | undefined): Html {
  return html`<label class="field grow">
    <span>${label}</span>
    <input
      name="population"
      inputmode="numeric"
      pattern="[0-9]*"
      value="${value}"
      required${refused && html` aria-invalid="true" aria-describedby="problem"`}
    />
  </label>`
}
