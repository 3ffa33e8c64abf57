import { html } from '../html.js'
import type { Html } from '../html.js'

export interface SearchForm {
  readonly text?: string
  /** The countries to choose from; without them the search is world-wide. */
  readonly countries?: Html
}

export function searchForm({ text = '', countries }: SearchForm): Html {
  return html`<form class="search" action="/search" role="search">
    <label class="field grow">
      <span>Name of a city, or a part of it</span>
      <input type="search" name="q" value="${text}" placeholder="Zurich, San, burg …" maxlength="80" autocomplete="off" required />
    </label>
    ${countries}
    <button>Search</button>
  </form>`
}
