import type { City } from '../city.js'
import { countryName } from '../country.js'
import { html } from '../html.js'
import type { Html } from '../html.js'

export function cityLink(city: City): Html {
  return html`<a href="/cities/${city.id}">${city.name}</a>`
}

export function countryLink(code: string): Html {
  return html`<a href="/countries/${code}">${countryName(code)}</a>`
}
