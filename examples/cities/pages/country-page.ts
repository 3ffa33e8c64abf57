import { cityLink } from './city-link.js'
import type { City } from '../city.js'
import { countryName } from '../country.js'
import { html } from '../html.js'
import type { Html } from '../html.js'
import { population, whole } from '../numbers.js'
import { greetingForm } from './greeting-form.js'
import { layout } from './layout.js'
import { pageLinks } from './page-links.js'
import { anyPopulationForm } from './population-form.js'
import type { RefusedEdit } from './population-form.js'
import { saved } from './saved.js'
import type { Personal } from './token-field.js'

export const CITIES_PER_PAGE = 50

export interface CountryPage extends Personal {
  readonly code: string
  /** All of them, largest first. */
  readonly cities: readonly City[]
  /** The page of them to show, counted from 1. */
  readonly number: number
  /** Its own address. */
  readonly path: string
  readonly map: Html
  /** To be laid over the map. */
  readonly largest: Html
  readonly sizes: Html
  readonly ranking: Html
  readonly table: Html
  readonly refused: RefusedEdit | undefined
}

/** A country with its cities: put together of what is kept by itself, and of what is each visitor's own. */
export function countryPage(country: CountryPage): string {
  const { code, cities, number, path, map, largest, sizes, ranking, table, token, refused } = country
  const name = countryName(code)
  const skipped = (number - 1) * CITIES_PER_PAGE
  const people = cities.reduce((sum, city) => sum + city.population, 0)
  const capitals = cities.filter(({ kind }) => kind === 'PPLC').map((city, index) => html`${index > 0 && ', '}${cityLink(city)}`)
  return layout({
    title: `${name} · Cities of the world`,
    section: 'countries',
    main: html`${saved}
      <div class="greeted">
        <h1>${name}</h1>
        ${greetingForm(path, country)}
      </div>
      <dl class="facts">
        <div>
          <dt>Cities</dt>
          <dd>${whole(cities.length)}</dd>
        </div>
        <div>
          <dt>People in them</dt>
          <dd>${population(people)}</dd>
        </div>
        ${
          capitals.length > 0 &&
          html`<div>
            <dt>Capital</dt>
            <dd>${capitals}</dd>
          </div>`
        }
      </dl>
      <div class="columns">
        <section>${table} ${pageLinks(`/countries/${code}`, number, Math.ceil(cities.length / CITIES_PER_PAGE))}</section>
        <aside>
          <figure class="layers">${largest} ${map}</figure>
          <section>${ranking}</section>
          <figure>
            <h2>Where people live, by size of city</h2>
            ${sizes}
          </figure>
        </aside>
        ${anyPopulationForm(path, cities.slice(skipped, skipped + CITIES_PER_PAGE), token, refused)}
      </div>`,
  })
}
